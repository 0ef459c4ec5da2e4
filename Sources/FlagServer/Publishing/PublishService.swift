package import Ensign
package import FlagPublisher

/// `PUT /v1/publish`: takes what was signed elsewhere into the store.
///
/// The body is a `PublicationMessage`: for each environment the envelope of its manifest on one line, and the snapshot
/// on the next. The server has no key: it verifies as a client does, before anybody sees anything.
package struct PublishService: Sendable {
  /// The most bytes of a body: the greatest snapshot with its manifest.
  package static let maximumSize = Envelope.maximumSize + 2 + SnapshotLimits.size

  /// What is told to who counts and logs: the environment, the outcome's word, or `refused` and why.
  package typealias Observer = @Sendable (_ environment: String, _ outcome: String, _ reason: String?) -> Void

  /// Waits until manifests are served, as long as is reasonable; the environments of those that are.
  package typealias Waiting = @Sendable ([Manifest]) -> Set<String>

  private let store: PublishedStore
  private let anchor: [UInt8]?
  private let observe: Observer
  private let waitUntilServed: Waiting

  /// - Parameters:
  ///   - anchor: the bytes of the trust file to begin with; nil begins with the store's first.
  ///   - waitUntilServed: called with what was stored: who publishes reads it right after the answer.
  ///   - observe: called for each environment of a message that came from somebody who may publish.
  package init(
    store: PublishedStore, anchor: [UInt8]?, waitUntilServed: @escaping Waiting,
    observe: @escaping Observer = { _, _, _ in }
  ) {
    self.store = store
    self.anchor = anchor
    self.waitUntilServed = waitUntilServed
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
    if let refusal = refusal(of: request, access: access, holder: holder) { return refusal }
    var environments: [String] = []
    do throws(PublishingError) {
      let publications = try PublicationMessage.read(request.body)
      environments = try PublicationIntake.claimedEnvironments(of: publications)
      for environment in environments
      where access.decide(.environment(environment, .publish), for: holder) != .granted {
        return .problem(status: 403, "the token does not publish the environment '\(environment)'")
      }
      let accepted = try PublicationIntake(into: store, anchor: anchor, now: now).accept(publications)
      for result in accepted { observe(result.manifest.environment, result.outcome.rawValue, nil) }
      return Self.response(accepted, served: waitUntilServed(accepted.map(\.manifest)))
    } catch {
      for environment in environments { observe(environment, "refused", error.description) }
      return Self.response(to: error)
    }
  }

  /// Whether the store has a manifest of an environment, be it readable or not.
  func hasManifest(of environment: String) -> Bool {
    do throws(StorageError) {
      return try store.files.read(StorePath.latest(environment: environment), limit: Envelope.maximumSize) != nil
    } catch {
      return true
    }
  }

  /// The answer to a request of which not even the body need be read; nil where it has to be.
  package func refusal(of request: Request, access: AccessTable, holder: AccessHolder) -> Response? {
    guard request.method == "PUT" else {
      return .problem(status: 405, "publish with PUT", headers: [Response.Header("Allow", "PUT")])
    }
    guard case .token(let token) = holder else { return .unauthorized }
    guard access.decide(.oneOf(token.environments, .publish), for: holder) == .granted else { return .forbidden }
    if let encoding = request.header("content-encoding"), encoding.lowercased() != "identity" {
      return .problem(status: 415, "the body is encoded as '\(encoding)'; send it as it is")
    }
    return nil
  }

  private static func response(_ accepted: [PublishedManifest], served: Set<String>) -> Response {
    Response(
      status: accepted.contains { $0.outcome == .published } ? 201 : 200,
      json: PublicationReceipt.document(of: accepted, served: served))
  }

  private static func response(to error: PublishingError) -> Response {
    let status =
      switch error.code {
      case .invalidRequest: 400
      case .notNewer: 409
      case .tooLarge: 413
      case .signatures: 422
      case .locked: 503
      default: 500
      }
    // What the store itself lacks, with paths of this machine, is for the log.
    let shown =
      status == 500 ? PublishingError(.storage, "the store cannot take it; the server's log says why") : error
    let headers = status == 503 ? [Response.Header("Retry-After", "1")] : []
    return Response(status: status, headers: headers, json: PublicationRefusal(shown).document)
  }
}
