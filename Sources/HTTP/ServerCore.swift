internal import CMicroHTTPD
internal import Synchronization

/// What the library's calls come to: the state of a server, apart from its daemon.
@safe final class ServerCore: Sendable {
  let library: MicroHTTPD
  let settings: HTTPServer.Settings
  let handler: any RequestHandler
  let connections = Connections()
  /// Seconds since the start; the clock of all deadlines.
  let clock = Atomic<Int>(0)
  /// Requests that were accepted and not answered to the end.
  let inProgress = Atomic<Int>(0)
  /// Answers that are being worked out on threads of their own.
  private let working = Atomic<Int>(0)

  /// How fast a body has to come, beyond the time that a request has.
  private static let leastBytesPerSecond = 131_072

  /// More answers than that are not worked out at once.
  private static let greatestWork = 8

  /// So many bytes of a body beyond its limit are read and thrown away, for an answer that the client sees.
  private static let greatestExcess = 16 << 20

  init(_ library: MicroHTTPD, _ settings: HTTPServer.Settings, _ handler: any RequestHandler) {
    self.library = library
    self.settings = settings
    self.handler = handler
  }

  /// One call of the library about a request.
  @unsafe struct Call {
    let connection: OpaquePointer
    let url: UnsafePointer<CChar>
    let method: UnsafePointer<CChar>
    let version: UnsafePointer<CChar>
    let upload: UnsafeRawBufferPointer
  }

  // MARK: - Connections

  func connected(_ connection: OpaquePointer) -> Connection {
    let descriptor = unsafe ensign_mhd_socket(library.functions, connection)
    return connections.add(descriptor: descriptor, deadline: deadline(after: settings.requestTimeout))
  }

  private func deadline(after seconds: Int) -> Int { clock.load(ordering: .relaxed) + seconds }

  private func extend(_ connection: OpaquePointer, to second: Int) {
    unsafe known(connection) { $0.live(until: second) }
  }

  private func known(_ connection: OpaquePointer, _ body: (Connection) -> Void) {
    guard let context = unsafe ensign_mhd_socket_context(library.functions, connection) else { return }
    unsafe Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef { body($0) }
  }

  // MARK: - Requests

  /// The head has come: passes it through the gate, and reads on, or refuses it and closes the connection.
  func begin(_ call: Call, _ state: inout RequestState?) -> Bool {
    var gate = unsafe RequestGate(seesLineEnds: library.showsLineEnds)
    unsafe gate.takeFields(library, call.connection)
    let head = unsafe head(of: call, state)
    let asksOnly = head.method == .get || head.method == .head
    // HTTP/1.0 and HTTP/1.1 are all that the library lets through.
    let isOld = unsafe call.version[7] == 0x30
    if let fault = unsafe gate.refusal(mayHaveBody: !asksOnly, needsHost: !isOld) {
      return unsafe refuse(.malformed("\(fault)"), call, state)
    }
    guard unsafe gate.hasBody else { return true }
    let current = state ?? RequestState(query: nil)
    state = current
    let answer = handler.answer(head)
    guard case .body(let limit, let then) = answer else {
      // Whatever it is, it does not depend on the body, which is not read.
      unsafe known(call.connection) { $0.linger() }
      return unsafe perform(answer, call, &state)
    }
    if let length = head.field("content-length").flatMap({ Int($0) }), length > limit {
      return unsafe refuse(.tooLarge(limit: limit), call, state)
    }
    current.phase = .reading(limit: limit, then: then)
    unsafe extend(call.connection, to: deadline(after: settings.requestTimeout + limit / Self.leastBytesPerSecond))
    return true
  }

  private func head(of call: Call, _ state: RequestState?) -> RequestHead {
    unsafe RequestHead(library, call.connection, url: call.url, method: call.method, query: state?.query)
  }

  private func refuse(_ refusal: RequestRefusal, _ call: Call, _ state: RequestState?) -> Bool {
    guard let response = unsafe handler.response(to: refusal, head(of: call, state)) else { return false }
    unsafe known(call.connection) { $0.linger() }
    return unsafe queue(response, call.connection)
  }

  /// All of the request has come.
  private func received(_ call: Call, _ state: RequestState?) {
    inProgress.add(1, ordering: .relaxed)
    state?.isInProgress = true
    unsafe extend(call.connection, to: deadline(after: settings.responseTimeout))
  }

  /// The head was accepted, and there is no body: answers.
  func answer(_ call: Call, _ state: inout RequestState?) -> Bool {
    unsafe received(call, state)
    let answer = unsafe handler.answer(head(of: call, state))
    guard case .body(_, let then) = answer else { return unsafe perform(answer, call, &state) }
    return unsafe perform(then([]), call, &state)
  }

  /// Goes on with a request that takes more than one call.
  func proceed(_ call: Call, with state: RequestState, _ holder: inout RequestState?) -> Bool {
    switch state.phase {
    case .head:
      state.phase = .accepted
      return unsafe begin(call, &holder)
    case .accepted:
      return unsafe answer(call, &holder)
    case .reading(let limit, let then):
      if unsafe !call.upload.isEmpty { return unsafe read(call.upload, state, limit: limit) }
      unsafe received(call, state)
      if state.excess > 0 { return unsafe refuse(.tooLarge(limit: limit), call, state) }
      let body = state.body
      state.body = []
      return unsafe perform(then(body), call, &holder)
    case .waiting(let topic, _, let then):
      topic.remove(state)
      unsafe extend(call.connection, to: deadline(after: settings.responseTimeout))
      return unsafe perform(then(), call, &holder)
    case .working:
      guard let result = state.takeResult() else { return true }
      working.subtract(1, ordering: .relaxed)
      guard let result else { return false }
      return unsafe queue(result, call.connection)
    case .answered:
      return true
    }
  }

  /// Takes a part of a body; what is too much is thrown away, and at some point the connection with it: while a body
  /// comes the library takes no answer.
  private func read(_ upload: UnsafeRawBufferPointer, _ state: RequestState, limit: Int) -> Bool {
    if state.excess == 0, upload.count <= limit - state.body.count {
      unsafe state.body.append(contentsOf: upload)
      return true
    }
    state.body = []
    state.excess += upload.count
    return state.excess <= max(limit, Self.greatestExcess)
  }

  private func perform(_ answer: Answer, _ call: Call, _ state: inout RequestState?) -> Bool {
    switch answer {
    case .response(let response):
      return unsafe queue(response, call.connection)
    case .hangUp:
      return false
    case .body:
      // Asked twice for one body.
      return false
    case .events(let topic, let version, let fields):
      let suspension = unsafe Suspension(library, call.connection)
      unsafe extend(call.connection, to: .max)
      guard let response = try? EventStream(topic, after: version, suspension).response(fields: fields, of: library)
      else { return false }
      return unsafe queue(response, call.connection)
    case .after(let topic, let version, let seconds, let then):
      let current = state ?? RequestState(query: nil)
      state = current
      current.isInProgress = true
      current.phase = .waiting(topic, version: version, then: then)
      unsafe extend(call.connection, to: .max)
      let suspension = unsafe Suspension(library, call.connection)
      current.wait(for: topic, after: version, seconds: seconds, suspension)
      return true
    case .work(let body):
      let current = state ?? RequestState(query: nil)
      state = current
      current.isInProgress = true
      guard working.add(1, ordering: .relaxed).newValue <= Self.greatestWork,
        unsafe current.work(body, Suspension(library, call.connection))
      else {
        working.subtract(1, ordering: .relaxed)
        current.phase = .answered
        return unsafe refuse(.busy, call, current)
      }
      return true
    }
  }

  private func queue(_ response: PreparedResponse, _ connection: OpaquePointer) -> Bool {
    return unsafe library.functions.pointee.MHD_queue_response(connection, UInt32(response.status), response.handle)
      == .YES
  }

  /// A request has been answered, or its connection was lost on the way.
  ///
  /// - Parameter isInProgress: whether all of the request had come.
  func completed(_ connection: OpaquePointer, isInProgress: Bool, _ state: RequestState?) {
    if let state, case .waiting(let topic, _, _) = state.phase { topic.remove(state) }
    if isInProgress { inProgress.subtract(1, ordering: .relaxed) }
    unsafe extend(connection, to: deadline(after: settings.requestTimeout))
  }
}
