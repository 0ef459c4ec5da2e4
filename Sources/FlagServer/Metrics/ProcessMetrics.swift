internal import Glibc

extension MetricRegistry {
  /// Takes in what the system says about this process.
  package func readProcess() {
    if let statistics = Self.file("/proc/self/statm") {
      let pages = statistics.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
      value(.processMemory).set(pages * Double(sysconf(Int32(_SC_PAGESIZE))))
    }
    if let count = Self.descriptorCount() { value(.processDescriptors).set(Double(count)) }
    if let start = Self.startTime() { value(.processStart).set(start) }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      value(.processDescriptorLimit).set(Double(limit.rlim_cur))
    }
    var usage = rusage()
    if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
      let times = [usage.ru_utime, usage.ru_stime]
      value(.processProcessor).set(times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 })
    }
  }

  /// When the process started, in seconds since 1970.
  private static func startTime() -> Double? {
    // The 22nd field, the 20th behind the name in parentheses: clock ticks since the system started.
    guard let statistics = file("/proc/self/stat"), let name = statistics.lastIndex(of: ")"),
      let ticks = statistics[name...].split(separator: " ").dropFirst(20).first.flatMap({ Double($0) })
    else { return nil }
    var (real, sinceStart) = (timespec(), timespec())
    clock_gettime(CLOCK_REALTIME, &real)
    clock_gettime(CLOCK_BOOTTIME, &sinceStart)
    let running = Double(sinceStart.tv_sec) - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    return Double(real.tv_sec) - running
  }

  /// How many descriptors are open, without the one that counts them.
  private static func descriptorCount() -> Int? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    // The entries of the folder itself, of its parent, and of the descriptor that reads it.
    var count = -3
    while readdir(folder) != nil { count += 1 }
    return count
  }

  private static func file(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
