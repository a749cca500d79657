/** Passkeys in the browser, by the platform's own JSON helpers: nothing to download. */

const BASE = "/api/auth/passkey";

export function passkeysWork(): boolean {
  return (
    typeof PublicKeyCredential === "function" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function" &&
    typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function"
  );
}

/** Signs in with a passkey of this device. False when it was refused or called off. */
export async function signInWithPasskey(): Promise<boolean> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    await ask("generate-authenticate-options"),
  );
  return finish("verify-authentication", await navigator.credentials.get({ publicKey }));
}

/** Makes a passkey on this device for the account that is signed in. */
export async function addPasskey(name: string): Promise<boolean> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    await ask("generate-register-options"),
  );
  return finish("verify-registration", await navigator.credentials.create({ publicKey }), name);
}

async function ask(what: string) {
  const answer = await fetch(`${BASE}/${what}`);
  if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
  return answer.json();
}

async function finish(what: string, credential: Credential | null, name?: string) {
  if (!(credential instanceof PublicKeyCredential)) return false;
  const answer = await fetch(`${BASE}/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ response: credential.toJSON(), name }),
  });
  return answer.ok;
}
