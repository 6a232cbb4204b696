/**
 * Containers and clusters.
 * @module
 */

import type { ProgramSyntax } from "../program_syntax.ts";

const IN_CONTAINER: ProgramSyntax = {
  effect: "execute",
  values: {
    text: "-u --user -w --workdir -e --env --detach-keys --index",
    file: "--env-file",
  },
  denied: "--privileged",
  operands: ["text", "argv"],
  leading: true,
};
const DOCKER_RUN: ProgramSyntax = {
  effect: "execute",
  values: {
    setting: "-v --volume --mount --pid --ipc --uts --userns --cgroupns --cap-add --security-opt",
    file: "--env-file --label-file",
    write: "--cidfile",
    text:
      "-e --env -p --publish --name --network --net -u --user -w --workdir -h --hostname --entrypoint -l --label -m --memory --cpus --restart --platform --add-host --dns --expose --link --log-driver --log-opt --gpus --shm-size --tmpfs --ulimit --health-cmd --pull --stop-signal --cap-drop -a --attach --network-alias --ip",
  },
  denied: "--privileged --device --device-cgroup-rule --volumes-from",
  operands: ["text"],
  leading: true,
};
const COMPOSE: ProgramSyntax = {
  effect: "execute",
  values: {
    file: "-f --file --env-file",
    text: "-p --project-name --profile",
    folder: "--project-directory",
  },
  operands: ["text"],
  subcommands: {
    exec: IN_CONTAINER,
    run: {
      ...DOCKER_RUN,
    },
  },
};
const DOCKER: ProgramSyntax = {
  effect: "execute",
  values: {
    text: "-H --host -c --context --log-level -l",
    file: "--tlscacert --tlscert --tlskey",
    folder: "--config",
  },
  operands: ["text"],
  subcommands: {
    run: DOCKER_RUN,
    create: DOCKER_RUN,
    exec: IN_CONTAINER,
    container: {
      effect: "execute",
      operands: ["text"],
      subcommands: { run: DOCKER_RUN, create: DOCKER_RUN, exec: IN_CONTAINER },
    },
    compose: COMPOSE,
    cp: { effect: "write", operands: ["file"], last: "write" },
    save: { effect: "write", values: { write: "-o --output" }, operands: ["text"] },
    export: { effect: "write", values: { write: "-o --output" }, operands: ["text"] },
    build: {
      effect: "execute",
      values: {
        file: "-f --file",
        write: "-o --output --iidfile --metadata-file",
        text:
          "-t --tag --build-arg --target --platform --label --network --cache-from --progress --secret --ssh",
      },
      denied: "--allow",
      operands: ["file"],
    },
    ps: { effect: "read", operands: ["text"] },
    images: { effect: "read", operands: ["text"] },
    logs: { effect: "read", operands: ["text"] },
    inspect: { effect: "read", operands: ["text"] },
  },
};

const KUBE_TEXT =
  "-n --namespace -c --container --context --cluster --user -l --selector -o --output --field-selector --pod-running-timeout --request-timeout --image --sort-by -p --patch --type --replicas --tail --since";
const KUBECTL: ProgramSyntax = {
  effect: "execute",
  values: { text: KUBE_TEXT, file: "--kubeconfig -f --filename -k --kustomize" },
  operands: ["text"],
  subcommands: {
    exec: {
      effect: "execute",
      values: { text: KUBE_TEXT, file: "-f --filename" },
      operands: ["text", "argv"],
    },
    run: {
      effect: "execute",
      values: { text: KUBE_TEXT, setting: "--overrides" },
      denied: "--privileged",
      operands: ["text"],
    },
    debug: {
      effect: "execute",
      values: { text: KUBE_TEXT, setting: "--profile" },
      operands: ["setting"],
    },
    cp: { effect: "write", values: { text: KUBE_TEXT }, operands: ["file"], last: "write" },
    get: { effect: "read", values: { text: KUBE_TEXT }, operands: ["text"] },
    describe: { effect: "read", values: { text: KUBE_TEXT }, operands: ["text"] },
    logs: { effect: "read", values: { text: KUBE_TEXT }, operands: ["text"] },
    delete: {
      effect: "delete",
      values: { text: KUBE_TEXT, file: "-f --filename" },
      operands: ["text"],
    },
  },
};

/** By name. */
export const CONTAINER_PROGRAMS: { readonly [name: string]: ProgramSyntax } = {
  docker: DOCKER,
  podman: DOCKER,
  "docker-compose": COMPOSE,
  kubectl: KUBECTL,
};
