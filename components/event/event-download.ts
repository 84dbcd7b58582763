/**
 * Events of one download: about a gigabyte. More would take a browser longer than people wait, and have a better way out: a trail's
 * redelivery.
 */
export const EVENT_DOWNLOAD_MAX = 1_000_000;
