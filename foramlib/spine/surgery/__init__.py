"""Surgery in the model: tools, steps, paths that reach a wanted result, and gauges read from geometry."""
