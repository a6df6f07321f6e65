namespace SeqCore.Samples.Common;

/// <summary>A user's mistake: the message says in one line what was wrong and what to do.</summary>
/// <param name="message">The message for the user.</param>
/// <param name="isUsage">Whether the command line itself is at fault (exit code 2) and not what it names (exit code 1).</param>
public sealed class UserException(string message, bool isUsage = false) : Exception(message)
{
    /// <summary>The exit code of the process.</summary>
    public int Code => isUsage ? ExitCode.Usage : ExitCode.Failed;
}

/// <summary>The exit codes of a program.</summary>
public static class ExitCode
{
    /// <summary>The program succeeded, or stopped in good order.</summary>
    public const int Done = 0;

    /// <summary>The program failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;
}
