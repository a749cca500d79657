import { createContext, useContext } from "react";

const Context = createContext<string | undefined>(undefined);

/** The Content-Security-Policy nonce of this answer; empty in the browser, where it is hidden. */
export const NonceContext = { Provider: Context.Provider, use: () => useContext(Context) };
