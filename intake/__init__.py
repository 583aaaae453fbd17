"""THE HOSPITAL SYSTEMS' EDGE: sockets, HTTP and folders in → agent.exchange; its answer out."""
