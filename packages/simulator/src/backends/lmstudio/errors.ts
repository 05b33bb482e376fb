import { eventFrame } from "../../wires/frame.ts";
import type { Problem, WireRenderer } from "../backend.ts";

/** Plain `{"error":"text"}`: most validation and engine failures. */
export const plain = (message: string, status = 400): Problem => ({ status, message });

/** `{"error":{…}}`: model look-up, load and Responses. */
export const detailed = (
  status: number,
  message: string,
  code: string | null,
  param: string | null = null,
): Problem => ({ status, type: "invalid_request_error", message, code, param });

export const lmStudioProblem = (status: number): Problem => {
  if (status === 401) {
    const message =
      "An LM Studio API token is required to make requests to this server, but none was provided using the Authorization header using the 'Bearer' scheme.";
    return { status, type: "invalid_request", code: "invalid_api_key", message };
  }
  if (status === 404)
    return detailed(404, "Model not found. Please specify a valid model.", "model_not_found", "model");
  return plain("The model has crashed without additional information. (Exit code: 1)", status);
};

export const writeLmStudio = ({ message, type, code, param }: Problem): unknown => {
  if (type === undefined) return { error: message };
  if (type === "invalid_request") return { error: { type, code: code ?? null, message, ...(param ? { param } : {}) } };
  return { error: { message, type, param: param ?? null, code: code ?? null } };
};

/** Whatever goes wrong once a stream was accepted, on all three wires. */
export const failing: WireRenderer["failing"] = ({ message }) => [eventFrame("error", { error: { message }, message })];
