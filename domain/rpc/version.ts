/** The version of the vendor's API that is spoken here. */
export const RPC_VERSION = "2020-07-06";
