import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Badge, Button, ButtonLink, Empty } from "../../ui/blocks.tsx";
import { type CurriculumStatus, duration } from "./curricula.ts";

type Listed = {
  slug: string;
  title: string;
  summary: string;
  agency: string;
  status: string;
  modules: number;
  minutes: number;
  version: number | null;
  rounds: { id: string; title: string; question: string; closes: string }[];
};

/** The front page: what this is, what is open now, everything there is, and how it works. */
export function Home({ curricula, maySetUp }: { curricula: Listed[]; maySetUp: boolean }) {
  const { t } = useTranslation("curricula");
  const open = curricula.filter(({ rounds }) => rounds.length > 0);
  return (
    <div className="page home">
      <header className="home-header">
        <h1>{t("home.title")}</h1>
        <p className="lead">{t("home.lead")}</p>
        <p>
          {t("home.session")} <a href="/join">{t("home.sessionJoin")}</a>
        </p>
      </header>
      {curricula.length === 0 ? (
        <NothingYet maySetUp={maySetUp} />
      ) : (
        <div className="columns">
          <div>
            <section aria-labelledby="open-now">
              <h2 id="open-now">{t(open.length > 0 ? "home.openTitle" : "home.noneOpenTitle")}</h2>
              {open.length === 0 && <p className="muted">{t("home.noneOpen")}</p>}
              {open.map((curriculum) => (
                <OpenNow key={curriculum.slug} curriculum={curriculum} />
              ))}
            </section>
            <section aria-labelledby="all">
              <h2 id="all">{t("home.allTitle")}</h2>
              <ul className="plain-list shelf">
                {curricula.map((curriculum) => (
                  <li key={curriculum.slug}>
                    <Entry curriculum={curriculum} />
                  </li>
                ))}
              </ul>
            </section>
          </div>
          <ReceiptLookup />
        </div>
      )}
      <section aria-labelledby="how" className="how">
        <h2 id="how">{t("home.howTitle")}</h2>
        <ol className="steps">
          {([1, 2, 3, 4] as const).map((n) => (
            <li key={n}>
              <h3>{t(`home.how${n}Title`)}</h3>
              <p>{t(`home.how${n}`)}</p>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function NothingYet({ maySetUp }: { maySetUp: boolean }) {
  const { t } = useTranslation("curricula");
  return (
    <Empty title={t("home.emptyTitle")}>
      <p>{t(maySetUp ? "home.emptySetUp" : "home.empty")}</p>
      {maySetUp && (
        <ButtonLink look="primary" href="/curricula/new">
          {t("work.start")}
        </ButtonLink>
      )}
    </Empty>
  );
}

function OpenNow({ curriculum }: { curriculum: Listed }) {
  const { t, i18n } = useTranslation("curricula");
  return curriculum.rounds.map((round) => (
    <article key={round.id} className="card open-now">
      <p className="kicker">{t("openUntil", { date: longDate(round.closes, i18n.language) })}</p>
      <h3>
        <a href={`/curricula/${curriculum.slug}`}>{curriculum.title}</a>
      </h3>
      {round.question && <p className="question">{round.question}</p>}
      <p>
        <ButtonLink look="primary" href={`/curricula/${curriculum.slug}`}>
          {t("home.openGo")}
        </ButtonLink>
      </p>
    </article>
  ));
}

function Entry({ curriculum }: { curriculum: Listed }) {
  const { t } = useTranslation("curricula");
  return (
    <article className="shelf-entry">
      <h3>
        <a href={`/curricula/${curriculum.slug}`}>{curriculum.title}</a>
      </h3>
      <p className="kicker">{curriculum.agency}</p>
      {curriculum.summary && <p>{curriculum.summary}</p>}
      <p className="shelf-facts">
        <Badge>{t(`status.${curriculum.status as CurriculumStatus}`)}</Badge>
        <span>{t("modules", { count: curriculum.modules })}</span>
        {curriculum.minutes > 0 && <span>{duration(curriculum.minutes)}</span>}
        {curriculum.version !== null && (
          <span>{t("latestVersion", { n: curriculum.version })}</span>
        )}
      </p>
    </article>
  );
}

/** Works without script, and keeps the code out of every address but its own. */
function ReceiptLookup() {
  const { t } = useTranslation("curricula");
  return (
    <section aria-labelledby="receipt" className="receipt-lookup card">
      <h2 id="receipt">{t("home.receiptTitle")}</h2>
      <form method="post" action="/receipts">
        <div className="field">
          <label htmlFor="code">{t("home.receiptLabel")}</label>
          <p className="hint" id="code-hint">
            {t("home.receiptHint")}
          </p>
          <div className="field-and-button">
            <input
              id="code"
              name="code"
              required
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              aria-describedby="code-hint"
            />
            <Button>{t("home.receiptFind")}</Button>
          </div>
        </div>
      </form>
    </section>
  );
}
