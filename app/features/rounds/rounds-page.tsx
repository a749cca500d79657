import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Badge, Button, Empty, Notice, PageHeader } from "../../ui/blocks.tsx";
import { RoundForm } from "./round-form.tsx";
import type { RoundState } from "./rounds.ts";

type ListedRound = {
  id: string;
  title: string;
  question: string;
  opens: string;
  closes: string;
  state: RoundState;
  modules: string[];
};

type Props = {
  slug: string;
  curriculum: string;
  hidden: boolean;
  rounds: ListedRound[];
  modules: { id: string; title: string }[];
  opens: string;
  closes: string;
  done: "opened" | "closed" | null;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** The comment rounds of a curriculum: those there were, and a new one. */
export function RoundsPage({ slug, curriculum, hidden, rounds, modules, done, ...form }: Props) {
  const { t } = useTranslation("rounds");
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: curriculum }]}
        title={t("title")}
        lead={t("lead")}
      />
      {done && !form.lastResult && (
        <Notice tone="good" live>
          <p>{t(done === "opened" ? "opened" : "closedNow")}</p>
        </Notice>
      )}
      {rounds.length === 0 ? (
        <Empty title={t("emptyTitle")}>
          <p>{t(modules.length > 0 ? "empty" : "needsModules")}</p>
        </Empty>
      ) : (
        <ul className="plain-list round-list">
          {rounds.map((round) => (
            <Entry key={round.id} round={round} />
          ))}
        </ul>
      )}
      {modules.length > 0 && (
        <section aria-labelledby="new">
          <h2 id="new">{t("newTitle")}</h2>
          {hidden && (
            <Notice>
              <p>{t("becomesPublic")}</p>
            </Notice>
          )}
          <RoundForm key={rounds.length} modules={modules} {...form} />
        </section>
      )}
    </div>
  );
}

const TONES = { open: "good", planned: "warning", closed: undefined } as const;

function Entry({ round }: { round: ListedRound }) {
  const { t, i18n } = useTranslation("rounds");
  const { state } = round;
  return (
    <li>
      <h2>
        {round.title} <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>
      </h2>
      <p className="kicker">
        {t("dates", {
          from: longDate(round.opens, i18n.language),
          to: longDate(round.closes, i18n.language),
        })}
      </p>
      {round.question && <p className="question">{round.question}</p>}
      <p className="small">{round.modules.join(" · ")}</p>
      {state !== "closed" && (
        <Form method="post">
          <input type="hidden" name="round" value={round.id} />
          {state === "open" && <p className="hint">{t("closeHint")}</p>}
          <Button look="danger" name="intent" value="close">
            {t(state === "open" ? "close" : "cancel")}
          </Button>
        </Form>
      )}
    </li>
  );
}
