/**
 * What is wrong with the folders, globs, names and networks of `inspect:`.
 * @module
 */

import { isPlainText } from "./pattern.ts";
import type { Fault } from "../yaml/problems.ts";
import { quoted } from "../yaml/shape_faults.ts";

/** Folders and globs longer than any file system takes (PATH_MAX, limits.h). */
const MAX_PATH_LENGTH = 4096;

/** What is wrong with an absolute path, if anything. */
export function absoluteFault(path: string): Fault | undefined {
  return plainFault(path, "path") ?? (path.startsWith("/") ? dotsFault(path) : {
    code: "bad-path",
    message: `A path here is absolute: found ${quoted(path)}`,
    hint: path.startsWith("~")
      ? "Write the folder out; ~ is another for every user"
      : /^[A-Za-z]:|\\/.test(path)
      ? "Paths are written with / from the root of the file system; drives are not read"
      : "Write it from the root: /srv/project",
  });
}

/** What is wrong with a glob, if anything. */
export function globFault(text: string): Fault | undefined {
  return plainFault(text, "glob") ?? starsFault(text) ??
    (text.startsWith("/") || text.startsWith("**/") ? dotsFault(text) : {
      code: "bad-glob",
      message: `The glob ${quoted(text)} can match no path: paths start with /`,
      hint: `Write ${quoted(`**/${text.replace(/^\.\//, "")}`)} for any folder, or the whole path`,
    });
}

/** What is wrong with something that commands must not name, if anything. */
export function sensitiveFault(text: string): Fault | undefined {
  return /^~(?:\/|$)/.test(text) ? plainFault(text, "path") ?? dotsFault(text) : globFault(text);
}

/** What is wrong with a program's name, if anything. */
export function programFault(name: string): Fault | undefined {
  const isBare = name !== "" && isPlainText(name) && !/[\s/\\;&|<>()$`"'*]/.test(name);
  return isBare ? undefined : {
    code: "bad-program",
    message: `${quoted(name)} is not the bare name of a program`,
    hint: name.includes("/")
      ? "Write its name without a folder; scripts of the project are allowed by project_scripts"
      : "Write one name for each, without arguments: [git, ls]",
  };
}

/** What is wrong with a URL scheme, if anything (RFC 3986 §3.1). */
export function schemeFault(scheme: string): Fault | undefined {
  return /^[a-z][a-z0-9+.-]{0,40}$/.test(scheme) ? undefined : {
    code: "bad-scheme",
    message: `${quoted(scheme)} is not a URL scheme`,
    hint: "Write it in small letters, without the colon: https",
  };
}

/** What is wrong with a host name, or `*.` and a host name, if anything. */
export function hostFault(host: string): Fault | undefined {
  const name = host.startsWith("*.") ? host.slice(2) : host;
  if (isHostName(name) || (name === host && addressBits(host) !== undefined)) return undefined;
  return {
    code: "bad-host",
    message: `${quoted(host)} is not the name of a host`,
    hint: host.includes("://")
      ? "Write the host alone, without scheme, port and path"
      : host.includes("*")
      ? 'A * stands alone and first: "*.example.com" is all below example.com'
      : "Write names in ASCII and small letters: example.com, xn--bcher-kva.example",
  };
}

/** What is wrong with a suffix, if anything. */
export function suffixFault(suffix: string): Fault | undefined {
  return isHostName(suffix) ? undefined : {
    code: "bad-host",
    message: `${quoted(suffix)} is not the name of a host`,
    hint: "Write the name alone: nip.io covers itself and all below it",
  };
}

/** What is wrong with a network, if anything: an address and how many bits of it count. */
export function networkFault(network: string): Fault | undefined {
  const [address = "", bits = "", more] = network.split("/");
  const most = addressBits(address);
  const isSound = most !== undefined && more === undefined && /^\d{1,3}$/.test(bits) &&
    Number(bits) <= most;
  return isSound ? undefined : {
    code: "bad-network",
    message: `${quoted(network)} is not a network`,
    hint: "Write an address and its length: 10.1.0.0/16, fd00::/8",
  };
}

/** A folder without doubled and final slashes. */
export function tidyPath(path: string): string {
  const tidy = path.replace(/\/{2,}/g, "/");
  return tidy.length > 1 && tidy.endsWith("/") ? tidy.slice(0, -1) : tidy;
}

function plainFault(text: string, what: string): Fault | undefined {
  const isSound = text !== "" && text.length <= MAX_PATH_LENGTH && isPlainText(text);
  return isSound ? undefined : {
    code: `bad-${what}`,
    message:
      `A ${what} has 1 to ${MAX_PATH_LENGTH} characters and holds no control characters: found ${
        quoted(text)
      }`,
  };
}

function dotsFault(path: string): Fault | undefined {
  const dots = path.split("/").find((step) => step === "." || step === "..");
  return dots === undefined ? undefined : {
    code: "bad-path",
    message: `${quoted(path)} holds the step "${dots}"`,
    hint: "Write where it leads",
  };
}

function starsFault(text: string): Fault | undefined {
  const step = text.split("/").find((each) => each.includes("**") && each !== "**");
  return step === undefined ? undefined : {
    code: "bad-glob",
    message: `** stands for whole folders: found ${quoted(step)}`,
    hint: `Write ${quoted(text.replace(step, `**/${step.replaceAll(/\*{2,}/g, "*")}`))}`,
  };
}

/** Labels of letters, digits, - and _ (RFC 1123 §2.1, and what is used), in small letters. */
function isHostName(name: string): boolean {
  return name.length <= 253 &&
    name.split(".").every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

/** How many bits an address has; `undefined` for what is none. */
function addressBits(address: string): 32 | 128 | undefined {
  const parts = address.split(".");
  const isFour = parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  if (isFour) return 32;
  const bare = /^\[(.+)\]$/.exec(address)?.[1] ?? address;
  return bare.includes(":") && /^[0-9a-fA-F:.]{2,45}$/.test(bare) &&
      URL.canParse(`http://[${bare}]`)
    ? 128
    : undefined;
}
