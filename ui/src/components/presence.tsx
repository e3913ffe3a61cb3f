import type { AccountView } from "../generated/AccountView";
import type { PresenceView } from "../generated/PresenceView";
import type { Ask } from "./account";
import { Fold } from "./fold";

type Props = { account: AccountView; presence: PresenceView; ask: Ask };

/** What the agent lets Statuslight do about presence, on a help desk that asks for it. */
export function Presence({ account: { account }, presence, ask }: Props) {
  return (
    <Fold name="presence" title="Presence" state={inShort(presence)}>
      <label class="way">
        <input
          type="checkbox"
          checked={presence.keep_online}
          onChange={(event) => ask({ do: "keep_online", account, on: event.currentTarget.checked })}
        />{" "}
        Keep me online while Statuslight runs
      </label>
      <label class="way">
        <input
          type="checkbox"
          checked={presence.away_when_idle}
          onChange={(event) => ask({ do: "away_when_idle", account, on: event.currentTarget.checked })}
        />{" "}
        Show me as Idle while my screen is locked or my desktop says that it is idle
      </label>
      {presence.tells_at_once.answer === "no" && (
        <p role="note" class="note">
          Changes are not told at once. {presence.tells_at_once.why}
        </p>
      )}
    </Fold>
  );
}

function inShort({ keep_online, away_when_idle, tells_at_once }: PresenceView): string {
  return [
    keep_online ? "kept Online" : "not kept Online",
    ...(away_when_idle ? ["Idle while I am away"] : []),
    ...(tells_at_once.answer === "no" ? ["changes are seen late"] : []),
  ].join(", ");
}
