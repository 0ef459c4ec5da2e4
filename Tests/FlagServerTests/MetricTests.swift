import Ensign
import Foundation
import Testing

@testable import FlagServer

@Suite("Metrics")
struct MetricTests {
  @Test("are declared once each, after the conventions")
  func declarations() {
    #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
    for metric in Metric.all {
      #expect(metric.name.hasPrefix("ensign_") || metric.name.hasPrefix("process_"))
      #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
      #expect(metric.help.hasSuffix("."))
      #expect(!metric.labels.contains("le"))
    }
  }

  @Test("are written as Prometheus reads them")
  func exposition() {
    let registry = MetricRegistry()
    registry.value(.requests, "ofrep", "200").add()
    registry.value(.requests, "ofrep", "200").add(2)
    registry.value(.requests, "blob", "304").add()
    registry.value(.webhookWaiting, "a\"b\\c\nd").set(1.5)
    registry.histogram(.requestDuration, "ofrep").observe(0.0003)
    registry.histogram(.requestDuration, "ofrep").observe(7)
    let text = String(decoding: registry.exposition(), as: UTF8.self)
    #expect(
      text.hasPrefix(
        """
        # HELP ensign_http_requests_total Requests answered, by route and status code.
        # TYPE ensign_http_requests_total counter
        ensign_http_requests_total{route="blob",status="304"} 1
        ensign_http_requests_total{route="ofrep",status="200"} 3
        # HELP ensign_http_request_duration_seconds
        """))
    for line in [
      #"ensign_http_request_duration_seconds_bucket{route="ofrep",le="0.00025"} 0"#,
      #"ensign_http_request_duration_seconds_bucket{route="ofrep",le="0.0005"} 1"#,
      #"ensign_http_request_duration_seconds_bucket{route="ofrep",le="2.5"} 1"#,
      #"ensign_http_request_duration_seconds_bucket{route="ofrep",le="+Inf"} 2"#,
      #"ensign_http_request_duration_seconds_sum{route="ofrep"} 7.0003"#,
      #"ensign_http_request_duration_seconds_count{route="ofrep"} 2"#,
      #"ensign_webhook_waiting{target="a\"b\\c\nd"} 1.5"#,
    ] {
      #expect(text.contains(line + "\n"), "\(line) in \(text)")
    }
  }

  @Test("of other environments are not shown")
  func environments() {
    let registry = MetricRegistry()
    for environment in ["staging", "production"] { registry.value(.evaluations, environment).add() }
    registry.value(.connections).set(3)
    let text = String(decoding: registry.exposition(of: ["staging"]), as: UTF8.self)
    #expect(text.contains("staging") && !text.contains("production") && text.contains("ensign_http_connections 3\n"))
  }

  @Test("count on many threads")
  func threads() async {
    let registry = MetricRegistry()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1000 { registry.value(.evaluations, "a").add() }
        }
      }
    }
    #expect(registry.value(.evaluations, "a").number == 8000)
  }

  @Test("say how the process is")
  func process() {
    let registry = MetricRegistry()
    registry.readProcess()
    #expect(registry.value(.processMemory).number > 1_000_000)
    #expect(registry.value(.processDescriptors).number > 2)
    #expect(registry.value(.processDescriptorLimit).number >= registry.value(.processDescriptors).number)
    #expect(registry.value(.processProcessor).number > 0)
    let age = Date.now.timeIntervalSince1970 - registry.value(.processStart).number
    #expect(age > -2 && age < 3600)
  }

  @Test("count what was refused, and what is new")
  func environmentNews() {
    let registry = MetricRegistry()
    func note(_ status: ClientStatus, isNewState: Bool) {
      registry.note(
        EnvironmentHealth(environment: "a", status: status, message: ""), isNewState: isNewState,
        at: Timestamp(milliseconds: 5000))
    }
    note(.current, isNewState: true)
    for status in [ClientStatus.rollback, .rollback, .stale, .unreachable, .current] { note(status, isNewState: false) }
    #expect(registry.value(.events, "a").number == 1)
    #expect(registry.value(.snapshotVerified, "a").number == 5)
    #expect(registry.value(.rejections, "a", "ROLLBACK").number == 2)
    #expect(!String(decoding: registry.exposition(), as: UTF8.self).contains("STALE"))
  }

  @Test("are documented as they are declared")
  func documentation() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Ensign/Ensign.docc/Metrics.md")
    let expected = """
      # Metrics

      What `GET /metrics` of a server says, in the text format of Prometheus.

      ## Overview

      With tokens, a request needs one, and sees the numbers of that token's environments. `examples/prometheus/` has a \
      scrape configuration and alert rules.

      \(Metric.documentation)
      """
    if ProcessInfo.processInfo.environment["ENSIGN_RECORD"] == "1" {
      try Data(expected.utf8).write(to: file)
      Issue.record("recorded Metrics.md; run again without ENSIGN_RECORD")
      return
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == expected)
  }
}
