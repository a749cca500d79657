import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useLocation } from "@remix-run/react";
import { commentForm, commentTitle, sendComment } from "../features/inputs/comment.server.ts";
import { CommentPage } from "../features/inputs/comment-form.tsx";
import { answer, contextOf } from "../request.server.ts";

export const handle = { hydrate: false };

const at = ({ params }: LoaderFunctionArgs | ActionFunctionArgs) => ({
  curriculum: params.slug ?? "",
  module: params.module ?? "",
});

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const form = await commentForm(contextOf(args), args.request, at(args));
    return { ...form, title: commentTitle(form) };
  });
}

export async function action(args: ActionFunctionArgs) {
  return answer(() => sendComment(contextOf(args), args.request, at(args)));
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.title} · ${data?.module?.title}` },
  { name: "robots", content: "noindex" },
];

export default function CommentRoute() {
  const { pathname, search } = useLocation();
  return (
    <CommentPage
      {...useLoaderData<typeof loader>()}
      action={pathname + search}
      notTaken={useActionData<typeof action>()}
    />
  );
}
