type LogstoreNameProps = { projectName: string; logstoreName: string };

/** "project / logstore", breaking where a reader would break it. */
export function LogstoreName({ projectName, logstoreName }: LogstoreNameProps) {
  return (
    <span className="mono [overflow-wrap:anywhere]">
      {projectName} / <wbr />
      {logstoreName}
    </span>
  );
}
