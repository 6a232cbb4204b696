/**
 * What there is to talk about with each server.
 * @module
 */

import type { Call } from "./calls.ts";
import type { Topics } from "./conversation.ts";
import { TOOL_CALLS } from "./dual_era.ts";
import { QUICK_CALLS } from "./everything.ts";

/** Tools of the conformance fixture that are called without arguments. */
const BARE_CALLS: readonly Call[] = [
  "test_simple_text",
  "test_image_content",
  "test_audio_content",
  "test_embedded_resource",
  "test_multiple_content_types",
  "test_error_handling",
  "test_tool_with_logging",
  "test_tool_with_progress",
  "test_logging_tool",
  "test_reconnection",
  "test_trigger_tool_change",
  "test_trigger_prompt_change",
  "test_missing_capability",
  "test_streaming_elicitation",
  "test_elicitation_sep1034_defaults",
  "test_elicitation_sep1330_enums",
  "test_input_required_result_capabilities",
  "test_input_required_result_elicitation",
  "test_input_required_result_list_roots",
  "test_input_required_result_multi_round",
  "test_input_required_result_multiple_inputs",
  "test_input_required_result_request_state",
  "test_input_required_result_sampling",
  "test_input_required_result_tampered_state",
].map((name): Call => [name, {}]);

/** The fixture for the conformance suite, which offers all of the dual-era fixture too. */
export const FIXTURE_TOPICS: Topics = {
  calls: [
    ...TOOL_CALLS,
    ...BARE_CALLS,
    ["json_schema_2020_12_tool", { name: "Ada", contactMethod: "email", email: "a@b.example" }],
    ["test_sampling", { prompt: "Say something" }],
    ["test_elicitation", { message: "Who are you?" }],
    ["add_tool", {}],
    ["count_cancelled", {}],
  ],
  progress: ["report_progress", { steps: 5 }],
  endless: ["slow", { ms: 600_000 }],
  log: ["write_log", { text: "hello" }],
  change: { uri: "note://first", call: ["write_note", { name: "first", text: "again" }] },
  prompts: [
    { name: "greet" },
    { name: "review", arguments: { language: "go" } },
    { name: "test_simple_prompt" },
    { name: "test_prompt_with_arguments", arguments: { arg1: "hello", arg2: "world" } },
    { name: "test_prompt_with_embedded_resource", arguments: { resourceUri: "test://example" } },
    { name: "test_prompt_with_image" },
    { name: "test_input_required_result_prompt" },
    { name: "no_such_prompt" },
  ],
  reads: [
    ...["about://fixture", "about://blob", "note://first", "note://nope", "test://static-text"],
    ...["test://static-binary", "test://template/123/data", "test://no-such-resource"],
  ],
  completions: [
    {
      ref: { type: "ref/prompt", name: "review" },
      argument: { name: "language", value: "t" },
    },
    {
      ref: { type: "ref/resource", uri: "note://{name}" },
      argument: { name: "name", value: "f" },
    },
  ],
};

/** server-everything. Its tasks, toggles and later questions are in `everythingScenario()`. */
export const EVERYTHING_TOPICS: Topics = {
  asksAtWill: true,
  calls: QUICK_CALLS,
  progress: ["trigger-long-running-operation", { duration: 0.8, steps: 4 }],
  endless: ["trigger-long-running-operation", { duration: 600, steps: 6000 }],
  prompts: [
    { name: "simple-prompt" },
    { name: "args-prompt", arguments: { city: "Bern" } },
    { name: "resource-prompt", arguments: { resourceType: "Text", resourceId: "2" } },
    { name: "completable-prompt", arguments: { department: "Sales", name: "David" } },
    { name: "no-such-prompt" },
  ],
  reads: [
    "demo://resource/dynamic/text/7",
    "demo://resource/dynamic/blob/7",
    "demo://resource/none",
  ],
  completions: [
    {
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "department", value: "S" },
    },
    {
      ref: { type: "ref/resource", uri: "demo://resource/dynamic/text/{resourceId}" },
      argument: { name: "resourceId", value: "1" },
    },
  ],
};
