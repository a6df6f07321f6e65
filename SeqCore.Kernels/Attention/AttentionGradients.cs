namespace SeqCore.Kernels.Attention;

/// <summary>What the backward pass reads and writes beside the plan.</summary>
internal readonly unsafe struct AttentionGradients
{
    internal required HeadsPointer Y { get; init; }

    internal required HeadsPointer DY { get; init; }

    internal required float* LogSumExp { get; init; }

    /// <summary>For the scores.</summary>
    internal required AttentionPanels KeysT { get; init; }

    /// <summary>For dP.</summary>
    internal required AttentionPanels ValuesT { get; init; }

    /// <summary>For dQ.</summary>
    internal required AttentionPanels Keys { get; init; }

    /// <summary>For dK.</summary>
    internal required AttentionPanels Queries { get; init; }

    /// <summary>For dV.</summary>
    internal required AttentionPanels DYRows { get; init; }

    /// <summary>Where dQ goes; where there are several ranges of keys, the first range's part.</summary>
    internal required HeadsPointer FirstDQuery { get; init; }

    /// <summary>Elements between the parts of dQ.</summary>
    internal required nint DQueryParts { get; init; }

    internal required HeadsPointer DKey { get; init; }

    internal required HeadsPointer DValue { get; init; }

    internal HeadsPointer DQuery(int range) => FirstDQuery.Moved(range * DQueryParts);
}
