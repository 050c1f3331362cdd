//! What a fault of a connection means and what to try: pure mapping from kind and server words to advice.
