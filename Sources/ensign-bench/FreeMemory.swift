internal import Glibc

/// The memory that nobody uses.
enum FreeMemory {
  /// Lets the system have so much of it at hand, where it is a virtual machine whose host takes what is not used.
  static func prepare(bytes: Int) {
    guard bytes > 0, let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { return }
    madvise(memory, bytes, MADV_HUGEPAGE)
    memset(memory, 1, bytes)
    munmap(memory, bytes)
  }
}
