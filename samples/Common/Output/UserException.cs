namespace SeqCore.Samples.Common;

/// <summary>A user's mistake: the message says in a line what was wrong and what to do.</summary>
/// <param name="message">For the user to read.</param>
/// <param name="isUsage">Whether the command line itself is at fault (exit code 2) and not what it names (exit code 1).</param>
public sealed class UserException(string message, bool isUsage = false) : Exception(message)
{
    /// <summary>What the process ends with.</summary>
    public int Code => isUsage ? ExitCode.Usage : ExitCode.Failed;
}

/// <summary>What a program ends with.</summary>
public static class ExitCode
{
    /// <summary>Done, or stopped in good order.</summary>
    public const int Done = 0;

    /// <summary>Failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage.</summary>
    public const int Usage = 2;
}
