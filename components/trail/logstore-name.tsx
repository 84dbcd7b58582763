type LogstoreNameProps = { projectName: string; logstoreName: string };

/** "project / logstore", breaking where a reader would break it. */
export function LogstoreName({ projectName, logstoreName }: LogstoreNameProps) {
  return (
    <span className="mono [overflow-wrap:anywhere]">
      {projectName} / <span className="inline-block max-w-full">{logstoreName}</span>
    </span>
  );
}
