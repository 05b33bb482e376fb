import type { JsonObject } from "../pivot/types.ts";

/** What a model of another maker has to be told of a tool that Anthropic's models know without a schema. */
export interface ToolByHeart {
  readonly description: string;
  readonly parameters: JsonObject;
}

const text = (description: string) => ({ type: "string", description });
const path = text("Absolute path of a file or folder.");
const lines = { type: "array", items: { type: "integer" }, description: "First and last line to show, from 1 on." };

const commands = (names: readonly string[], properties: JsonObject, required: readonly string[]): JsonObject => ({
  type: "object",
  properties: { command: { type: "string", enum: names, description: "What to do." }, ...properties },
  required: ["command", ...required],
});

const edits = {
  path,
  view_range: lines,
  file_text: text("All that the file is to hold, to create it."),
  old_str: text("Text to be replaced; it stands in the file exactly once."),
  new_str: text("Text to stand in its place, or to be inserted."),
  insert_line: { type: "integer", description: "Line after which to insert; 0 is the beginning." },
};

/** Tools that the client runs, by what stands before the date of their type. */
const tools: ReadonlyMap<string, ToolByHeart> = new Map([
  [
    "bash",
    {
      description: "Runs a command in a shell that stays open from call to call.",
      parameters: {
        type: "object",
        properties: {
          command: text("The command to run."),
          restart: { type: "boolean", description: "True to open the shell anew instead." },
        },
      },
    },
  ],
  [
    "text_editor",
    {
      description: "Shows, creates and edits text files.",
      parameters: commands(["view", "create", "str_replace", "insert"], edits, ["path"]),
    },
  ],
  [
    "memory",
    {
      description: "Keeps notes from one conversation to the next as files under /memories.",
      parameters: commands(
        ["view", "create", "str_replace", "insert", "delete", "rename"],
        {
          ...edits,
          insert_text: text("Text to be inserted."),
          old_path: text("Path to be renamed."),
          new_path: text("Its new path."),
        },
        [],
      ),
    },
  ],
]);

/** The schema behind a type with a date (`bash_20250124`); `undefined` where nobody but Anthropic could use it. */
export function toolByHeart(type: string): ToolByHeart | undefined {
  const [, name = ""] = /^([a-z_]+)_\d{8}$/.exec(type) ?? [];
  return tools.get(name);
}
