/** What a gateway has acknowledged: it gave it back when it was asked for. */
export interface Acknowledged {
  readonly responses: readonly string[];
  readonly receipts: readonly string[];
}

const perRound = 20;

const isThere = async (url: string): Promise<boolean> => (await fetch(url)).status === 200;

/** Stores responses, and asks for them and their receipts until they are given back. */
export async function store(url: string): Promise<Acknowledged> {
  const responses: string[] = [];
  const receipts: string[] = [];
  for (let round = 0; round < perRound; round++) {
    const reply = await fetch(`${url}/v1/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "default", input: `keep ${round}`, store: true }),
    });
    const { id } = (await reply.json()) as { readonly id?: string };
    const receipt = reply.headers.get("x-headgate-request-id");
    if (id !== undefined && (await isThere(`${url}/v1/responses/${id}`))) responses.push(id);
    if (receipt !== null && (await isThere(`${url}/receipts/${receipt}`))) receipts.push(receipt);
  }
  return { responses, receipts };
}

/** Those that are not given back any more. */
export async function lost(url: string, { responses, receipts }: Acknowledged): Promise<string[]> {
  const paths = [...responses.map((id) => `/v1/responses/${id}`), ...receipts.map((id) => `/receipts/${id}`)];
  const gone: string[] = [];
  for (const path of paths) if (!(await isThere(url + path))) gone.push(path);
  return gone;
}
