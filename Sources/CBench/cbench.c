int ensign_bench_placeholder(void) { return 0; }
