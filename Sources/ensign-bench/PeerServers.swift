internal import Glibc

/// nginx and wrk, which a benchmark needs and a machine may lack.
enum PeerServers {
  /// Where nginx listens.
  static let port = 18_999

  private static let packages = ["nginx-light", "libnginx-mod-nchan", "wrk", "curl"]

  /// Installs what is missing, as far as this user may.
  static func install() throws {
    let isThere = { (path: String) in access(path, R_OK) == 0 }
    if isThere("/usr/sbin/nginx"), isThere("/usr/bin/wrk"), isThere("/usr/bin/curl"), isThere(module) { return }
    guard (try? ChildProcess("apt-get", ["install", "-y", "-qq", "--no-install-recommends"] + packages).run()) != nil
    else { throw Failure("install these first: apt-get install \(packages.joined(separator: " "))") }
  }

  private static let module = "/usr/lib/nginx/modules/ngx_nchan_module.so"

  /// Starts nginx over the files of a store, with a channel of events.
  static func startNginx(serving store: String, in folder: String) throws -> RunningProgram {
    let user = getuid() == 0 ? "user root;" : ""
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
    let configuration = """
      \(user) load_module \(module);
      worker_processes 1; worker_rlimit_nofile 20000; daemon off; pid \(folder)/nginx.pid; error_log \(folder)/nginx.log;
      events { worker_connections 16384; multi_accept on; use epoll; }
      http {
        \(temporary.joined(separator: " "))
        access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000; gzip_static on;
        open_file_cache max=1000 inactive=60s; open_file_cache_valid 60s; default_type application/json;
        nchan_max_reserved_memory 512m;
        server {
          listen 127.0.0.1:\(port) backlog=4096;
          location /v1/ { alias \(store)/; }
          location = /events { nchan_subscriber eventsource; nchan_channel_id events; }
          location = /publish { nchan_publisher; nchan_channel_id events; nchan_message_buffer_length 1; }
        }
      }
      """
    let path = "\(folder)/nginx.conf"
    try FileSystem.write(configuration, to: path)
    let arguments = ["-c", path, "-p", folder, "-e", "\(folder)/nginx.log"]
    let nginx = try RunningProgram("/usr/sbin/nginx", arguments, log: "\(folder)/nginx.log")
    try Load.wait(for: "/v1/trust/1.json", at: port)
    let master = String(decoding: try FileSystem.read("\(folder)/nginx.pid"), as: UTF8.self).filter(\.isNumber)
    let children = RunningProgram.lines(of: "/proc/\(master)/task/\(master)/children").first
    nginx.worker = children?.split(separator: " ").first.flatMap { pid_t($0) }
    return nginx
  }
}
