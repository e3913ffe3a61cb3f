import type { Choosable } from "../generated/Choosable";

/** Statuses as the lines of a select. */
export function StatusOptions({ statuses }: { statuses: readonly Choosable[] }) {
  return statuses.map((status) => (
    <option key={status.id} value={status.id}>
      {status.name}
    </option>
  ));
}

/** The statuses that the agent may choose, or may try to. */
export function choosable(statuses: readonly Choosable[]): Choosable[] {
  return statuses.filter((status) => status.eligible !== false);
}
