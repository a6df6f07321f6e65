namespace SeqCore.Samples.Common;

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
