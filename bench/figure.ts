/** One line of a benchmark's answer: `figure: value unit`. */
export type Figure = { readonly name: string; readonly value: number; readonly unit: string };
