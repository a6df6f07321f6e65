namespace SeqCore.Samples.Common;

/// <summary>A user's mistake: the message says in one line what was wrong and what to do.</summary>
/// <param name="message">The message for the user.</param>
/// <param name="isUsage">Whether the command line itself is at fault (exit code 2) and not what it names (exit code 1).</param>
/// <param name="cause">The error of a library that this one explains; null for none.</param>
public sealed class UserException(string message, bool isUsage = false, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The exit code of the process.</summary>
    public int Code => isUsage ? ExitCode.Usage : ExitCode.Failed;
}

/// <summary>The exit codes of a program.</summary>
public static class ExitCode
{
    /// <summary>The program succeeded.</summary>
    public const int Done = 0;

    /// <summary>The program failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>
    /// The program stopped in good order because of Ctrl+C: 128 + 2 (SIGINT), so that a script does not go on with what is
    /// unfinished.
    /// </summary>
    public const int Interrupted = 130;

    /// <summary>The program stopped in good order because of SIGTERM: 128 + 15.</summary>
    public const int Terminated = 143;
}
