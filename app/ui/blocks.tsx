import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { longDate } from "../i18n/format.ts";

/** The top of a page: where it is, what it is, and what can be done with it. */
export function PageHeader({
  crumbs = [],
  title,
  lead,
  actions,
}: {
  crumbs?: readonly { href: string; label: string }[];
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <header className="page-header">
      {crumbs.length > 0 && (
        <nav aria-label={t("nav.breadcrumb")} className="breadcrumb">
          <ol>
            {crumbs.map(({ href, label }) => (
              <li key={href}>
                <a href={href}>{label}</a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <h1>{title}</h1>
      {lead && <p className="lead">{lead}</p>}
      {actions && <div className="actions">{actions}</div>}
    </header>
  );
}

type Look = "primary" | "quiet" | "danger";

export function Button({ look, ...props }: ComponentProps<"button"> & { look?: Look }) {
  return <button type="submit" {...props} className={`button ${look ?? ""}`} />;
}

/** A link that looks like a button, for going somewhere to do something. */
export function ButtonLink({ look, ...props }: ComponentProps<"a"> & { look?: Look }) {
  return <a {...props} className={`button ${look ?? ""}`} />;
}

/** Something to know before going on. `role` is "status" for what just happened. */
export function Notice({
  tone = "info",
  children,
  live = false,
}: {
  tone?: "info" | "quiet" | "good" | "warning" | "problem";
  children: ReactNode;
  live?: boolean;
}) {
  return (
    <div className={`notice ${tone}`} role={live ? "status" : undefined}>
      {children}
    </div>
  );
}

/** A short word for a state; the word says it, the colour only helps. */
export function Badge({ tone, children }: { tone?: string; children: ReactNode }) {
  return <span className={`badge ${tone ?? ""}`}>{children}</span>;
}

/** Nothing here yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** A date in words, with its machine form. */
export function DateText({ iso }: { iso: string }) {
  const { i18n } = useTranslation();
  return <time dateTime={iso}>{longDate(iso, i18n.language)}</time>;
}
