import protobuf from "protobufjs";

/** SLS's log.proto (actiontrail.md, 6.1), read by protobufjs: the other implementation that ours is tested against. */
const { root } = protobuf.parse(
  `
  syntax = "proto2";
  message Log {
    required uint32 Time = 1;
    message Content { required string Key = 1; required string Value = 2; }
    repeated Content Contents = 2;
    optional fixed32 TimeNs = 4;
  }
  message LogTag { required string Key = 1; required string Value = 2; }
  message LogGroup {
    repeated Log Logs = 1;
    optional string Reserved = 2;
    optional string Topic = 3;
    optional string Source = 4;
    repeated LogTag LogTags = 6;
  }`,
  { keepCase: true },
);

/** A LogGroup with the proto's own names. */
export type ProtoLogGroup = {
  Logs: { Time: number; Contents: { Key: string; Value: string }[]; TimeNs?: number }[];
  Reserved?: string;
  Topic?: string;
  Source?: string;
  LogTags: { Key: string; Value: string }[];
};

const logGroupType = root.lookupType("LogGroup");

export function encodeWithProtobufjs(logGroup: ProtoLogGroup): Uint8Array {
  return logGroupType.encode(logGroupType.fromObject(logGroup)).finish();
}

export function decodeWithProtobufjs(bytes: Uint8Array): ProtoLogGroup {
  return logGroupType.toObject(logGroupType.decode(bytes), { arrays: true }) as ProtoLogGroup;
}
