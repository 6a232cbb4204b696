/**
 * `inspect:` into settings. What does not fit was reported by its shape and is left out here.
 * @module
 */

import type { ResultRules, SqlDialect, UrlRules } from "../access/inspection.ts";
import { DIALECTS } from "./argument_kind.ts";
import { tidyPath } from "./inspect_faults.ts";
import {
  DEFAULT_NO_INLINE_CODE,
  DEFAULT_RESULTS,
  DEFAULT_SENSITIVE,
  DEFAULT_URLS,
} from "./inspection.ts";
import type { InspectSettings, PathSettings, ProfileSettings } from "./inspect_settings.ts";
import { flagOf, itemsOf, namesIn, textOf, textsOf, valueOf, type YamlNode } from "../yaml/node.ts";
import type { Problems } from "../yaml/problems.ts";

/** Builds the settings; `undefined` when the key is absent. */
export function buildInspect(
  node: YamlNode | undefined,
  problems: Problems,
): InspectSettings | undefined {
  if (node === undefined) return undefined;
  const paths = valueOf(node, "paths");
  const commands = valueOf(node, "commands");
  const urls = valueOf(node, "urls");
  const results = valueOf(node, "results");
  return {
    ref: problems.ref(node),
    paths: paths === undefined ? undefined : pathsOf(paths, problems),
    commands: commands === undefined ? undefined : profilesOf(commands),
    urls: urls === undefined ? undefined : urlsOf(urls),
    dialect: dialectOf(valueOf(valueOf(node, "sql"), "dialect")),
    results: results === undefined ? undefined : resultsOf(results),
  };
}

function pathsOf(node: YamlNode, problems: Problems): PathSettings {
  const folder = (key: string) => {
    const text = textOf(valueOf(node, key));
    return text === undefined ? undefined : tidyPath(text);
  };
  const roots = valueOf(node, "roots");
  const settings = {
    cwd: folder("cwd"),
    roots: roots === undefined ? undefined : textsOf(roots).map(tidyPath),
    home: folder("home"),
    deny: textsOf(valueOf(node, "deny")),
    except: textsOf(valueOf(node, "except")),
    ignoreCase: flagOf(valueOf(node, "ignore_case")) ?? true,
    local: flagOf(valueOf(node, "local")),
  };
  checkPaths(node, { settings, problems });
  return settings;
}

function checkPaths(
  node: YamlNode,
  { settings: { cwd, roots, deny, except }, problems }: {
    readonly settings: PathSettings;
    readonly problems: Problems;
  },
): void {
  const denies = valueOf(node, "deny");
  if (roots === undefined && denies !== undefined && itemsOf(denies).length > 0) {
    problems.at(denies, {
      code: "dead-deny",
      message: "This deny can never take effect: without roots no path is held against folders",
      hint: "Add roots: [/srv/project], or roots: [/] to leave the rest open",
    });
  }
  const excepts = valueOf(node, "except");
  if (excepts !== undefined && except.length > 0 && deny.length === 0) {
    problems.at(excepts, {
      code: "idle-except",
      severity: "warning",
      message: "except opens what deny closes, and deny closes nothing",
      hint: "Remove it, or add deny",
    });
  }
  const start = valueOf(node, "cwd");
  const isInside = cwd === undefined || roots === undefined ||
    roots.some((root) => cwd === root || cwd.startsWith(root === "/" ? "/" : `${root}/`));
  if (start !== undefined && !isInside) {
    problems.at(start, {
      code: "cwd-outside-roots",
      severity: "warning",
      message: "The working folder is in no root, so that relative paths are refused",
      hint: "Add it to roots, or name a folder inside one",
    });
  }
}

function profilesOf(node: YamlNode): ReadonlyMap<string, ProfileSettings> {
  const profiles = new Map<string, ProfileSettings>();
  for (const [name, profile] of namesIn(node)) {
    const noInlineCode = valueOf(profile, "no_inline_code");
    const sensitive = valueOf(profile, "sensitive");
    const writeRoots = valueOf(profile, "write_roots");
    profiles.set(name, {
      allow: new Set(textsOf(valueOf(profile, "allow"))),
      projectScripts: flagOf(valueOf(profile, "project_scripts")) ?? false,
      noInlineCode: new Set(
        noInlineCode === undefined ? DEFAULT_NO_INLINE_CODE : textsOf(noInlineCode),
      ),
      sensitive: sensitive === undefined ? DEFAULT_SENSITIVE : textsOf(sensitive),
      writeRoots: writeRoots === undefined ? undefined : textsOf(writeRoots).map(tidyPath),
    });
  }
  return profiles;
}

function urlsOf(node: YamlNode): UrlRules {
  const listed = (key: string) => {
    const list = valueOf(node, key);
    return list === undefined ? undefined : textsOf(list);
  };
  return {
    schemes: listed("schemes") ?? DEFAULT_URLS.schemes,
    allowHosts: listed("allow_hosts"),
    denyNames: listed("deny_names") ?? DEFAULT_URLS.denyNames,
    denySuffixes: listed("deny_suffixes") ?? DEFAULT_URLS.denySuffixes,
    allowNetworks: listed("allow_networks") ?? DEFAULT_URLS.allowNetworks,
  };
}

function resultsOf(node: YamlNode): ResultRules {
  const hidden = textOf(valueOf(node, "hidden"));
  const secrets = textOf(valueOf(node, "secrets"));
  const injection = textOf(valueOf(node, "injection"));
  return {
    hidden: hidden === "refuse" || hidden === "off" ? hidden : DEFAULT_RESULTS.hidden,
    secrets: secrets === "refuse" || secrets === "off" ? secrets : DEFAULT_RESULTS.secrets,
    injection: injection === "refuse" || injection === "off"
      ? injection
      : DEFAULT_RESULTS.injection,
  };
}

function dialectOf(node: YamlNode | undefined): SqlDialect | undefined {
  const word = textOf(node);
  return DIALECTS.find((dialect) => dialect === word);
}
