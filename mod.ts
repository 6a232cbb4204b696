/**
 * MCP-Aegis: the lock between AI agents and their tools. One program in front of any MCP server that
 * asks of every message who is asking, whether they are allowed, whether it is safe, whether it is
 * too much, and writes down the answer.
 *
 * Imported, this module is the library. Run (`deno run -A jsr:@aegis/cli …`), it is the command line.
 *
 * @example
 * ```ts
 * import { createGateway, localAuthenticator, memorySink, parsePolicy } from "@aegis/cli";
 *
 * await using gateway = createGateway({
 *   authenticator: localAuthenticator({ principal: "my-agent" }),
 *   policy: await parsePolicy('version: "1"\nprincipals: { my-agent: { tools: [{ pattern: "read_*", actions: [execute] }] } }'),
 *   audit: memorySink(),
 * });
 * const channel = await gateway.openChannel({
 *   credentials: { kind: "local" },
 *   upstream: null,
 *   transport: "stdio",
 * });
 * const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm","arguments":{}}}';
 * const [disposition] = await channel.fromClient([new TextEncoder().encode(call)]);
 * console.assert(disposition?.kind === "answer");
 * ```
 * @module
 */

export { createGateway } from "./src/assemble.ts";
export type { AttemptLimit, GatewayOptions, GatewayPolicy } from "./src/assemble.ts";
export { wrapCommand } from "./src/shim.ts";
export type { WrapOptions } from "./src/shim.ts";

export type {
  Arriving,
  Channel,
  Disposition,
  Dispositions,
  Envelope,
  HttpAnswer,
  IncomingFrame,
  OversizeFrame,
  Passage,
} from "./src/gateway/channel.ts";
export type { RequestId } from "./src/jsonrpc/message.ts";
export type { UpstreamMemory } from "./src/gateway/upstream_memory.ts";
export type { WireNames } from "./src/gateway/wire_ids.ts";
export type { Cleared } from "./src/gateway/clear.ts";
export type { ChannelOptions, Gateway } from "./src/gateway/gateway.ts";

export type {
  BucketRate,
  Decision,
  Obligation,
  PolicyEngine,
  RuleRef,
} from "./src/access/decision.ts";
export type {
  ArgumentKind,
  ArgumentKinds,
  CommandProfile,
  InspectionLevel,
  InspectionRules,
  PathRules,
  ResultRules,
  SqlDialect,
  SqlProfile,
  UrlRules,
} from "./src/access/inspection.ts";
export type { PinBoard, RefusedTools } from "./src/access/pins.ts";
export type { Credentials, Principal } from "./src/access/principal.ts";
export type {
  AccessRequest,
  Action,
  Direction,
  RequestContext,
  Resource,
  ToolAnnotations,
  ToolListing,
} from "./src/access/request.ts";
export type { Answered, InspectedResult, ResultInspector } from "./src/access/result_inspection.ts";
export type {
  Check,
  DenyReason,
  Finding,
  Step,
  UnauthenticatedDetail,
  Verdict,
} from "./src/access/verdict.ts";

export { inspectCheck } from "./src/inspect/check.ts";
export type { InspectionPlan, InspectOptions } from "./src/inspect/check.ts";
export { resultInspector } from "./src/inspect/results/inspector.ts";

export { localAuthenticator } from "./src/identity/authenticator.ts";
export type { Authenticator, LocalIdentity } from "./src/identity/authenticator.ts";
export { anyAuthenticator } from "./src/identity/any_authenticator.ts";
export { apiKeyAuthenticator, hashApiKey } from "./src/identity/api_key.ts";
export type { ApiKey, ApiKeyOptions } from "./src/identity/api_key.ts";
export { bearerRefusal, readBearerToken } from "./src/identity/bearer_token.ts";
export type { BearerFault } from "./src/identity/bearer_token.ts";
export { bearerChallenge, challengeStatus } from "./src/identity/challenge.ts";
export type { Challenge, ChallengeReason } from "./src/identity/challenge.ts";
export type { ClaimMapping, ClaimPath } from "./src/identity/claim_mapping.ts";
export { clientCredentials, tokenExchange } from "./src/identity/granted_credential.ts";
export type { GrantOptions } from "./src/identity/granted_credential.ts";
export type { Fetch } from "./src/identity/guarded_fetch.ts";
export type { SignatureAlgorithm } from "./src/identity/jws.ts";
export { jwtAuthenticator } from "./src/identity/jwt_authenticator.ts";
export type { IssuerProblem, JwtAuthenticator } from "./src/identity/jwt_authenticator.ts";
export type { IssuerOptions, JwtOptions } from "./src/identity/jwt_options.ts";
export {
  canonicalResource,
  metadataPaths,
  protectedResourceMetadata,
} from "./src/identity/metadata.ts";
export type { ProtectedResource, ProtectedResourceMetadata } from "./src/identity/metadata.ts";
export type { ClientIdentity } from "./src/identity/token_endpoint.ts";
export { staticCredential } from "./src/identity/upstream_credential.ts";
export type {
  CredentialFault,
  OnBehalfOf,
  UpstreamCredential,
} from "./src/identity/upstream_credential.ts";

export { bearerHttpIdentity, localHttpIdentity } from "./src/identity/http_identity.ts";
export type { BearerHttpOptions, HttpIdentity } from "./src/identity/http_identity.ts";

export { httpHandler, serveHttp } from "./src/http.ts";
export type { HttpHandlerOptions, HttpProxy, HttpServer, ServeHttpOptions } from "./src/http.ts";
export type { HttpListener } from "./src/transport/http/listen.ts";
export type { Header } from "./src/transport/http/upstream_link.ts";

export { loadPolicy, parsePolicy } from "./src/policy/load.ts";
export type { ParseOptions, PolicyOptions, Upstream } from "./src/policy/load.ts";
export type { Policy } from "./src/policy/policy.ts";
export type { ConditionCompiler, ConditionFault } from "./src/policy/condition_reader.ts";
export type {
  ConditionAnswer,
  ConditionCircumstances,
  GrantableAction,
  RuleCondition,
} from "./src/policy/document.ts";
export type { ActionReaders } from "./src/policy/statement.ts";

export { attemptCheck, DEFAULT_ATTEMPT_RATE } from "./src/rate_limit/attempt_check.ts";
export type { AttemptOptions } from "./src/rate_limit/attempt_check.ts";
export { rateLimitCheck } from "./src/rate_limit/rate_check.ts";
export type { RateLimitOptions } from "./src/rate_limit/rate_check.ts";
export { memoryStore } from "./src/rate_limit/memory_store.ts";
export type { MemoryStoreOptions } from "./src/rate_limit/memory_store.ts";
export type { BucketStore, Draw, Shortage } from "./src/rate_limit/store.ts";

export type { AuditEntry, EventEntry, MessageEntry, NoiseEntry } from "./src/audit/entry.ts";
export { openFileSink } from "./src/audit/file_sink.ts";
export { jsonlSink } from "./src/audit/jsonl_sink.ts";
export { traceSink } from "./src/audit/tracing.ts";
export type { ChainOptions, ChainSink, FileSink, PlacedSink } from "./src/audit/chain_sink.ts";
export type { FileSinkOptions } from "./src/audit/file_sink.ts";
export type { Machine } from "./src/base/state_place.ts";
export { memorySink } from "./src/audit/memory_sink.ts";
export type { MemorySink } from "./src/audit/memory_sink.ts";
export { noneSink } from "./src/audit/none_sink.ts";
export type { AuditSink } from "./src/audit/sink.ts";
export { verifyAudit } from "./src/audit/verify.ts";
export type { VerifyOptions } from "./src/audit/verify.ts";
export type { SealName } from "./src/audit/seal.ts";
export type {
  AuditProblem,
  AuditReport,
  ChainReport,
  ProblemCode,
} from "./src/audit/verify_report.ts";

export type { Clock } from "./src/base/clock.ts";
export type { Diagnostic } from "./src/base/diagnostic.ts";
export { AegisError, ConfigurationError } from "./src/base/error.ts";
export type { JsonObject, JsonValue, RawNumber } from "./src/base/json.ts";
export { DEFAULT_LIMITS, LIMITS } from "./src/base/limits.ts";
export type { LimitName, Limits, LimitSpec } from "./src/base/limits.ts";
export { createLogger, silentLogger } from "./src/base/log.ts";
export type { LogFields, Logger, LoggerOptions, LogLevel } from "./src/base/log.ts";
export type { Result } from "./src/base/result.ts";
export { Secret } from "./src/base/secret.ts";

if (import.meta.main) {
  const { runProcess } = await import("./src/cli/main.ts");
  await runProcess();
}
