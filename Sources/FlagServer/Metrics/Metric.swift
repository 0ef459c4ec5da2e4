/// A metric as it is declared, once: the exposition, its documentation and its tests all read this.
package struct Metric: Hashable, Sendable {
  /// How values of a metric are to be understood.
  package enum Kind: String, Hashable, Sendable {
    /// It only rises while the process runs.
    case counter
    /// It is what it is at the moment.
    case gauge
    /// Counters of observations up to bounds, their sum, and how many there were.
    case histogram
  }

  /// The name, in the conventions of Prometheus: with the unit, counters with `_total`.
  package let name: String
  /// How its values are to be understood.
  package let kind: Kind
  /// The names of its labels, in the order in which values are given.
  package let labels: [String]
  /// What it says, as a sentence.
  package let help: String
}

extension Metric {
  private static func counter(_ name: String, _ labels: String..., help: String) -> Metric {
    Metric(name: name, kind: .counter, labels: labels, help: help)
  }

  private static func gauge(_ name: String, _ labels: String..., help: String) -> Metric {
    Metric(name: name, kind: .gauge, labels: labels, help: help)
  }

  package static let buildInformation = gauge(
    "ensign_build_info", "version", help: "1, under the version of the program.")
  package static let requests = counter(
    "ensign_http_requests_total", "route", "status", help: "Requests answered, by route and status code.")
  package static let requestDuration = Metric(
    name: "ensign_http_request_duration_seconds", kind: .histogram, labels: ["route"],
    help: "Time from the end of a request to its response, of evaluations and publications.")
  package static let refusedRequests = counter(
    "ensign_http_refused_requests_total", "reason", help: "Requests refused before any route saw them.")
  package static let connections = gauge("ensign_http_connections", help: "Open connections.")
  package static let deniedRequests = counter(
    "ensign_access_denied_total", "reason",
    help: "Requests without a valid token (unauthorized), of a token for something else (forbidden), or too many of "
      + "one (limited).")
  package static let evaluations = counter(
    "ensign_evaluations_total", "environment", help: "Flags evaluated for remote clients.")
  package static let streams = gauge("ensign_streams", "environment", help: "Clients that listen for events.")
  package static let events = counter(
    "ensign_events_total", "environment", help: "Events announced: new states of an environment.")
  package static let snapshotStatus = gauge(
    "ensign_snapshot_status", "environment", "status",
    help: "1 under the status of the environment's last update, 0 under those it had before.")
  package static let snapshotReady = gauge(
    "ensign_snapshot_ready", "environment", help: "1 while a verified snapshot that is not stale is served.")
  package static let snapshotEpoch = gauge(
    "ensign_snapshot_epoch", "environment", help: "The epoch of the manifest in force.")
  package static let snapshotSequence = gauge(
    "ensign_snapshot_sequence", "environment", help: "The sequence of the manifest in force.")
  package static let snapshotFlags = gauge(
    "ensign_snapshot_flags", "environment", help: "Flags in the snapshot that is served.")
  package static let snapshotBytes = gauge(
    "ensign_snapshot_bytes", "environment", help: "Bytes of the snapshot that is served.")
  package static let snapshotVerified = gauge(
    "ensign_snapshot_verified_timestamp_seconds", "environment",
    help: "When the snapshot that is served was verified.")
  package static let manifestExpires = gauge(
    "ensign_manifest_expires_timestamp_seconds", "environment", help: "When a newer manifest is overdue.")
  package static let rejections = counter(
    "ensign_snapshot_rejections_total", "environment", "status",
    help: "Updates that were refused, by the status that says why.")
  package static let publications = counter(
    "ensign_publications_total", "environment", "outcome",
    help: "Publications received over HTTP: published, renewed or refused.")
  package static let webhookDeliveries = counter(
    "ensign_webhook_deliveries_total", "target", "outcome", help: "Attempts to deliver a webhook: delivered or failed.")
  package static let webhookWaiting = gauge(
    "ensign_webhook_waiting", "target", help: "Webhooks that are not delivered yet.")
  package static let processMemory = gauge("process_resident_memory_bytes", help: "Resident memory.")
  package static let processDescriptors = gauge("process_open_fds", help: "Open file descriptors.")
  package static let processDescriptorLimit = gauge("process_max_fds", help: "The limit of open file descriptors.")
  package static let processProcessor = counter("process_cpu_seconds_total", help: "Processor time, user and system.")
  package static let processStart = gauge("process_start_time_seconds", help: "When the process started.")

  /// Every metric, in the order of the exposition and the documentation.
  package static let all: [Metric] = [
    buildInformation, requests, requestDuration, refusedRequests, connections, deniedRequests, evaluations, streams,
    events, snapshotStatus, snapshotReady, snapshotEpoch, snapshotSequence, snapshotFlags, snapshotBytes,
    snapshotVerified, manifestExpires, rejections, publications, webhookDeliveries, webhookWaiting, processMemory,
    processDescriptors, processDescriptorLimit, processProcessor, processStart,
  ]

  /// The upper bounds of a histogram's buckets, in seconds, without the infinite one.
  package static let bounds: [Double] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
  ]

  /// All metrics as a table in Markdown.
  package static var documentation: String {
    var text = "| metric | kind | labels | meaning |\n| --- | --- | --- | --- |\n"
    for metric in all {
      let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
      text += "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels.isEmpty ? "–" : labels) | \(metric.help) |\n"
    }
    return text
  }
}
