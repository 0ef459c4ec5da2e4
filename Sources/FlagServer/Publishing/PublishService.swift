package import Ensign
package import FlagPublisher

/// `PUT /v1/publish`: takes what was signed elsewhere into the store.
///
/// The body is the manifest's envelope as JSON on one line, a line feed, and the bytes of the snapshot. The server has
/// no key: it verifies as a client does, before anybody sees anything.
package struct PublishService: Sendable {
  /// The most bytes of a body.
  package static let maximumSize = Envelope.maximumSize + 1 + SnapshotLimits.size

  /// What is told to who counts and logs: the environment, the outcome's word, or `refused` and why.
  package typealias Observer = @Sendable (_ environment: String, _ outcome: String, _ reason: String?) -> Void

  private let store: PublishedStore
  private let anchor: [UInt8]?
  private let observe: Observer

  /// - Parameters:
  ///   - anchor: the bytes of the trust file to begin with; nil begins with the store's first.
  ///   - observe: called after each publication that came from somebody who may publish.
  package init(store: PublishedStore, anchor: [UInt8]?, observe: @escaping Observer = { _, _, _ in }) {
    self.store = store
    self.anchor = anchor
    self.observe = observe
  }

  /// Answers a request.
  ///
  /// - Parameters:
  ///   - access: who may publish.
  ///   - holder: who sent the request, as `access` says.
  ///   - now: the present.
  package func answer(
    _ request: Request, access: AccessTable, holder: AccessHolder, now: Timestamp
  ) -> Response {
    guard request.method == "PUT" else {
      return .problem(status: 405, "publish with PUT", headers: [Response.Header("Allow", "PUT")])
    }
    // Before anything of the body is looked at.
    guard access.decide(.anyToken, for: holder) == .granted, holder != .everyone else { return .unauthorized }
    guard request.body.count <= Self.maximumSize else {
      return .problem(status: 413, "the body has more than \(Self.maximumSize) bytes")
    }
    if let encoding = request.header("content-encoding"), encoding.lowercased() != "identity" {
      return .problem(status: 415, "the body is encoded as '\(encoding)'; send it as it is")
    }
    guard let end = request.body.firstIndex(of: UInt8(ascii: "\n")) else {
      return .problem(
        status: 400, "the body has one line only: send the signed manifest as one line of JSON, then the snapshot")
    }
    let publication: ReceivedPublication
    do throws(VerificationError) {
      publication = try ReceivedPublication(
        envelope: Array(request.body[..<end]), snapshot: Array(request.body[(end + 1)...]))
    } catch {
      return Self.response(to: error)
    }
    let environment = publication.environment
    guard access.decide(.environment(environment, .publish), for: holder) == .granted else { return .forbidden }
    do throws(ReceivedPublication.Refusal) {
      let (outcome, manifest) = try publication.write(into: store, anchor: anchor, now: now)
      observe(environment, outcome.rawValue, nil)
      return Self.response(outcome, manifest)
    } catch {
      observe(environment, "refused", "\(error)")
      return Self.response(to: error)
    }
  }

  private static func response(_ outcome: ReceivedPublication.Outcome, _ manifest: Manifest) -> Response {
    var json = CanonicalJSON()
    json.beginObject()
    json.key(literal: "environment")
    json.append(manifest.environment)
    json.key(literal: "epoch")
    json.append(manifest.epoch)
    json.key(literal: "outcome")
    json.append(outcome.rawValue)
    json.key(literal: "sequence")
    json.append(manifest.sequence)
    json.key(literal: "sha256")
    json.append(manifest.snapshot.sha256)
    json.endObject()
    return Response(status: outcome == .published ? 201 : 200, json: json.bytes)
  }

  private static func response(to refusal: ReceivedPublication.Refusal) -> Response {
    switch refusal {
    case .verification(let error): return response(to: error)
    case .publishing(let error):
      // Paths of this machine are nobody's business who only publishes: the log has them.
      return error.code == .locked
        ? .problem(
          status: 503, code: "LOCKED", "another publication is being written",
          headers: [Response.Header("Retry-After", "1")])
        : .problem(status: 500, code: "UNSTORED", "the store cannot take it; the server's log says why")
    }
  }

  private static func response(to error: VerificationError) -> Response {
    let status =
      switch error.status {
      case .malformed: 400
      case .oversized: 413
      case .rollback, .equivocation: 409
      default: 422
      }
    return .problem(status: status, code: error.status.rawValue, error.message)
  }
}
