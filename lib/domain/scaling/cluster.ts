import { existsSync } from "node:fs";
import { env } from "../../env.ts";

/** Where Kubernetes puts a pod's credentials. */
const IN_CLUSTER_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** Whether this control plane has a way to a cluster: a kubeconfig of its own, or the pod that it runs in. */
export function isClusterKnown(): boolean {
  return env().TURNPIKE_KUBECONFIG !== undefined || existsSync(IN_CLUSTER_TOKEN);
}
