print("ensign")
