internal import CMicroHTTPD
internal import Glibc

// What libmicrohttpd calls, on its own threads. A request is known to it by a word of memory: nothing before its head was
// looked at, one of two marks for a request that needs no state, or a reference to its state.

/// The functions that a daemon is started with.
enum Callbacks {
  /// The head has passed the gate.
  private static let accepted = UInt(1)
  /// All of the request has come.
  private static let inProgress = UInt(2)

  private static func core(_ context: UnsafeMutableRawPointer) -> Unmanaged<ServerCore> {
    unsafe Unmanaged<ServerCore>.fromOpaque(context)
  }

  private static func state(_ word: UnsafeMutableRawPointer?) -> RequestState? {
    guard let word = unsafe word, UInt(bitPattern: word) > inProgress else { return nil }
    return unsafe Unmanaged<RequestState>.fromOpaque(word).takeUnretainedValue()
  }

  /// The target as it was sent; what is returned is the request's word.
  static let begun:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>, OpaquePointer) ->
      UnsafeMutableRawPointer? = { _, target, _ in
        // The library takes the query apart where it lies: it has to be copied before.
        guard let place = unsafe strchr(target, 0x3F) else { return nil }
        return unsafe Unmanaged.passRetained(RequestState(query: String(cString: place + 1))).toOpaque()
      }

  /// Texts stay as they were sent: what they mean is for the routes to say.
  static let unescape: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer, UnsafeMutablePointer<CChar>) -> Int = {
    _, _, text in unsafe Int(strlen(text))
  }

  static let handle: MHD_AccessHandlerCallback = {
    context, connection, url, method, version, upload, uploadCount, word in
    guard let context = unsafe context, let connection = unsafe connection, let url = unsafe url,
      let method = unsafe method, let version = unsafe version, let uploadCount = unsafe uploadCount,
      let word = unsafe word
    else { return .NO }
    let part = unsafe UnsafeRawBufferPointer(start: upload, count: upload == nil ? 0 : uploadCount.pointee)
    let call = unsafe ServerCore.Call(
      connection: connection, url: url, method: method, version: version, upload: part)
    unsafe uploadCount.pointee = 0
    return unsafe core(context)._withUnsafeGuaranteedRef { core in
      unsafe handle(call, core, &word.pointee) ? .YES : .NO
    }
  }

  private static func handle(_ call: ServerCore.Call, _ core: ServerCore, _ word: inout UnsafeMutableRawPointer?)
    -> Bool
  {
    let known = unsafe state(word)
    var current = known
    let isFine: Bool
    if let known {
      isFine = unsafe core.proceed(call, with: known, &current)
    } else if unsafe word == nil {
      isFine = unsafe core.begin(call, &current)
      unsafe word = UnsafeMutableRawPointer(bitPattern: accepted)
    } else {
      unsafe word = UnsafeMutableRawPointer(bitPattern: inProgress)
      isFine = unsafe core.answer(call, &current)
    }
    if known == nil, let current { unsafe word = Unmanaged.passRetained(current).toOpaque() }
    return isFine
  }

  static let completed: MHD_RequestCompletedCallback = { context, connection, word, _ in
    guard let context = unsafe context, let connection = unsafe connection, let word = unsafe word else { return }
    let state = unsafe state(word.pointee)
    let isInProgress = unsafe state?.isInProgress ?? (UInt(bitPattern: word.pointee) == inProgress)
    unsafe core(context)._withUnsafeGuaranteedRef {
      unsafe $0.completed(connection, isInProgress: isInProgress, state)
    }
    if let state { unsafe Unmanaged.passUnretained(state).release() }
    unsafe word.pointee = nil
  }

  static let connected: MHD_NotifyConnectionCallback = { context, connection, place, event in
    guard let context = unsafe context, let connection = unsafe connection, let place = unsafe place else { return }
    unsafe core(context)._withUnsafeGuaranteedRef { core in
      if event.rawValue == 0 {
        unsafe place.pointee = Unmanaged.passRetained(core.connected(connection)).toOpaque()
      } else if let known = unsafe place.pointee {
        core.connections.remove(unsafe Unmanaged<Connection>.fromOpaque(known).takeRetainedValue())
        unsafe place.pointee = nil
      }
    }
  }
}
