int ensign_bench_placeholder(void);
