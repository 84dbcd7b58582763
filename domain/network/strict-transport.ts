/** Strict-Transport-Security of every answer that goes out by TLS. A year; subdomains with it, because a plain one could set cookies for this one. */
export const STRICT_TRANSPORT = "max-age=31536000; includeSubDomains";
