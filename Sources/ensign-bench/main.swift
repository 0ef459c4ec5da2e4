print("ensign-bench")
