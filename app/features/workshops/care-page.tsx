import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../errors.ts";
import { dateTime, longDate } from "../../i18n/format.ts";
import { Badge, Button, ButtonLink, Notice, PageHeader } from "../../ui/blocks.tsx";
import type { Rescued } from "../drafts/rescues.ts";
import { Rescues } from "../drafts/rescues.tsx";
import { WordDiff } from "../inputs/word-diff.tsx";
import { Act, type CareDone, Section } from "./care-parts.tsx";
import { Checkpoints, UndoOne } from "./care-restore.tsx";
import { formatJoinCode } from "./codes.ts";
import type { Checkpoint, HeldUpdate, Member, Unresolved, WorkshopPage } from "./workshops.ts";

/** What the last action did, to be said at the top. */
export type CareResult =
  | { done: CareDone; left?: Unresolved[]; applied?: number; conflicts?: Unresolved[] }
  | { refused: Message };
export type CareProps = Pick<
  WorkshopPage,
  "id" | "title" | "status" | "members" | "join" | "draftMoved" | "language"
> & {
  curriculum: { slug: string; title: string };
  module: { slug: string; title: string };
  checkpoints: Checkpoint[];
  held: HeldUpdate[];
  rescues: Rescued[];
  /** Who wrote here, also those who are out: by person. */
  writers: { personId: string; name: string }[];
  result: CareResult | undefined;
};

/** Looking after a workshop copy: who is in, its state, what waits, and the way back. Plain forms. */
export function CarePage(props: CareProps) {
  const { t } = useTranslation("workshops");
  const { id, title, curriculum, module, status } = props;
  return (
    <div className="page care-page">
      <PageHeader
        crumbs={[
          { href: `/curricula/${curriculum.slug}`, label: curriculum.title },
          { href: `/curricula/${curriculum.slug}/modules/${module.slug}`, label: module.title },
          { href: `/workshops/${id}`, label: title },
        ]}
        title={
          <>
            {t("care.title", { title })}{" "}
            <Badge tone={status === "open" ? "good" : undefined}>{t(`status.${status}`)}</Badge>
          </>
        }
        actions={
          <>
            <ButtonLink look="primary" href={`/workshops/${id}`}>
              {t("care.back")}
            </ButtonLink>
            <ButtonLink href={`/workshops/${id}/changes`}>{t("live.toChanges")}</ButtonLink>
          </>
        }
      />
      {props.result && <Result result={props.result} />}
      <Rescues
        rescues={props.rescues}
        language={props.language}
        action={`/workshops/${id}/rescues`}
      />
      <div className="care-grid">
        {props.join && <Join join={props.join} />}
        <Held held={props.held} language={props.language} />
        <State status={status} />
        <People members={props.members} open={status !== "closed"} />
        {status !== "closed" && <Refresh moved={props.draftMoved} />}
        <Checkpoints
          id={id}
          checkpoints={props.checkpoints}
          writers={props.writers}
          open={status !== "closed"}
        />
        {status !== "closed" && <UndoOne checkpoints={props.checkpoints} writers={props.writers} />}
      </div>
    </div>
  );
}

function Result({ result }: { result: CareResult }) {
  const { t } = useTranslation(["workshops", "errors"]);
  if ("refused" in result)
    return (
      <Notice tone="problem" live>
        <p>{t(result.refused.key as "errors:conflict", result.refused.params)}</p>
      </Notice>
    );
  const { done, left = [], applied, conflicts = [] } = result;
  return (
    <Notice tone={left.length + conflicts.length > 0 ? "warning" : "good"} live>
      <p>
        <strong>{t(`care.done.${done}`)}</strong>{" "}
        {applied !== undefined && t("care.cameIn", { count: applied })}
      </p>
      {left.length > 0 && <p>{t("care.undoLeft", { count: left.length })}</p>}
      {conflicts.length > 0 && <p>{t("care.conflicts", { count: conflicts.length })}</p>}
      <Unresolveds all={[...left, ...conflicts]} />
    </Notice>
  );
}

function Unresolveds({ all }: { all: Unresolved[] }) {
  const { t } = useTranslation("workshops");
  if (all.length === 0) return null;
  return (
    <ul className="plain-list care-unresolved">
      {all.map(({ key, before, after, current }) => (
        <li key={key}>
          <p className="changed-words">
            <WordDiff before={before} after={after} />
          </p>
          <p className="small">
            {current === null ? t("care.goneNow") : `${t("care.ours")}: ${current}`}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Join({ join: { code, link, until } }: { join: NonNullable<WorkshopPage["join"]> }) {
  const { t, i18n } = useTranslation("workshops");
  const shown = formatJoinCode(code);
  const id = useId();
  return (
    <Section id="join" title={t("care.code")}>
      <p className="care-how">{t("care.codeHow", { address: `${new URL(link).host}/join` })}</p>
      <p className="join-code">{shown}</p>
      <div className="field">
        <label htmlFor={id}>{t("care.link")}</label>
        <input id={id} readOnly value={link} />
      </div>
      <p className="hint">{t("care.until", { date: longDate(until, i18n.language) })}</p>
      <Act action="rotate">{t("care.rotate")}</Act>
      <p className="hint">{t("care.rotateHint")}</p>
    </Section>
  );
}

function Held({ held, language }: { held: HeldUpdate[]; language: string }) {
  const { t, i18n } = useTranslation("workshops");
  return (
    <Section id="held" title={t("care.held")} urgent={held.length > 0}>
      {held.length === 0 ? (
        <p className="muted">{t("care.heldNone")}</p>
      ) : (
        <ul className="plain-list care-list">
          {held.map(({ id, by, words, at, passages }) => (
            <li key={id}>
              <p>
                <strong>{t("care.heldBy", { name: by, words })}</strong>
                <br />
                <span className="small muted">{dateTime(at, i18n.language)}</span>
              </p>
              <details>
                <summary>{t("care.heldWords")}</summary>
                <div lang={language}>
                  {passages.map(({ before, after }) => (
                    <p key={before} className="changed-words">
                      <WordDiff before={before} after={after} />
                    </p>
                  ))}
                </div>
              </details>
              <div className="actions">
                <Act action="discard" look="primary" fields={{ heldId: id }}>
                  {t("care.discard")}
                </Act>
                <Act action="release" look="danger" fields={{ heldId: id }}>
                  {t("care.release")}
                </Act>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function State({ status }: { status: WorkshopPage["status"] }) {
  const { t } = useTranslation("workshops");
  return (
    <Section id="state" title={t("care.state")}>
      {status === "closed" ? (
        <p>{t("live.closed")}</p>
      ) : (
        <>
          {status === "open" ? (
            <Act action="freeze">{t("care.freeze")}</Act>
          ) : (
            <Act action="unfreeze" look="primary">
              {t("care.unfreeze")}
            </Act>
          )}
          <p className="hint">{t(status === "open" ? "care.freezeHint" : "live.frozen")}</p>
          <details>
            <summary>{t("care.close")}</summary>
            <p>{t("care.closeHint")}</p>
            <Act action="close" look="danger">
              {t("care.closeSure")}
            </Act>
          </details>
        </>
      )}
    </Section>
  );
}

function People({ members, open }: { members: Member[]; open: boolean }) {
  const { t } = useTranslation("workshops");
  const id = useId();
  return (
    <Section
      id="people"
      title={
        <>
          {t("care.people")} <span className="small">{members.length}</span>
        </>
      }
    >
      {members.length === 0 && <p className="muted">{t("care.noPeople")}</p>}
      <ul className="plain-list care-list">
        {members.map(({ id: memberId, name, may, leads }) => (
          <li key={memberId} className="care-person">
            <p>
              <strong>{name}</strong> {leads && <Badge tone="active">{t("care.leads")}</Badge>}
              <br />
              <span className="small muted">{t(`care.may.${may}`)}</span>
            </p>
            {open && (
              <div className="care-person-tools">
                {may === "write" ? (
                  <Act
                    action="may"
                    fields={{ memberId, may: "watch" }}
                    label={t("care.letWatch", { name })}
                  >
                    {t("care.letWatchShort")}
                  </Act>
                ) : (
                  <Act
                    action="may"
                    fields={{ memberId, may: "write" }}
                    label={t("care.letWrite", { name })}
                  >
                    {t("care.letWriteShort")}
                  </Act>
                )}
                <Act
                  action="remove"
                  look="danger"
                  fields={{ memberId }}
                  label={t("care.remove", { name })}
                >
                  {t("care.removeShort")}
                </Act>
              </div>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <details>
          <summary>{t("care.inviteTitle")}</summary>
          <form method="post" className="form">
            <div className="field">
              <label htmlFor={id}>{t("care.inviteEmail")}</label>
              <input id={id} name="email" type="email" required autoComplete="off" />
            </div>
            <Button name="intent" value="invite">
              {t("care.invite")}
            </Button>
          </form>
        </details>
      )}
    </Section>
  );
}

function Refresh({ moved }: { moved: boolean }) {
  const { t } = useTranslation("workshops");
  return (
    <Section id="refresh" title={t("care.refresh")}>
      <p className={moved ? undefined : "muted"}>
        {t(moved ? "care.refreshHint" : "care.refreshNone")}
      </p>
      {moved && <Act action="refresh">{t("care.refreshDo")}</Act>}
    </Section>
  );
}
