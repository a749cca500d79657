import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { NotFound } from "../errors.ts";
import { ReceiptPage } from "../features/inputs/receipt-page.tsx";
import { formatReceipt, parseReceipt } from "../features/inputs/receipts.ts";
import { inputByReceipt } from "../features/inputs/status.server.ts";
import { whereaboutsOf } from "../features/inputs/whereabouts.server.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const code = parseReceipt(args.params.code ?? "");
    if (!code) throw new NotFound("inputs:errors.noReceipt");
    const page = await inputByReceipt(ctx, code).catch(async (error) => {
      // Only misses count: thirty people in one room may all open their receipts at once.
      await ctx.limits.hit("receipt", ctx.clientKey);
      throw error;
    });
    const t = translator(languageOf(args.request));
    return data(
      {
        page,
        where: await whereaboutsOf(ctx, page.id),
        sent: new URL(args.request.url).searchParams.has("sent"),
        origin: ctx.origin,
        title: t("inputs:receipt.title", { code: formatReceipt(code) }),
      },
      { headers: { "Cache-Control": "no-store" } },
    );
  });
}

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.title },
  { name: "robots", content: "noindex, nofollow" },
];

export default function ReceiptRoute() {
  return <ReceiptPage {...useLoaderData<typeof loader>()} />;
}
