namespace SeqCore.Benchmarks;

/// <summary>A mistake in what was asked for: shown as one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
