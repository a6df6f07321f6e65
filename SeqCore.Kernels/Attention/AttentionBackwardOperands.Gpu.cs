using ILGPU;

namespace SeqCore.Kernels.Attention;

/// <summary>Which of the two the groups of a backward pass own, keys or queries; they walk the other.</summary>
internal interface IAttentionSide
{
    static abstract bool OwnsKeys { get; }
}

/// <summary>Groups own keys and make dK and dV.</summary>
internal readonly struct OwnsKeys : IAttentionSide
{
    static bool IAttentionSide.OwnsKeys => true;
}

/// <summary>Groups own queries and make dQ.</summary>
internal readonly struct OwnsQueries : IAttentionSide
{
    static bool IAttentionSide.OwnsKeys => false;
}

/// <summary>What a launch of a backward pass reads and writes, on tensor cores or not.</summary>
internal struct AttentionBackwardOperands
{
    internal AttentionGpuPlan Plan;

    /// <summary>k where keys are owned, else q.</summary>
    internal HeadsGpu OwnRows;

    /// <summary>v where keys are owned, else dY.</summary>
    internal HeadsGpu OwnPartners;

    /// <summary>q where keys are owned, else k.</summary>
    internal HeadsGpu WalkedRows;

    /// <summary>dY where keys are owned, else v.</summary>
    internal HeadsGpu WalkedPartners;

    /// <summary>dK where keys are owned, else dQ.</summary>
    internal HeadsGpu DRows;

    /// <summary>dV where keys are owned.</summary>
    internal HeadsGpu DPartners;
    internal ArrayView<float> LogSumExp;

    /// <summary>Heads of the walked side for one of the owned: the query heads that share a key head, or 1.</summary>
    internal int Sharers;
    internal ArrayView<float> Delta;

    /// <summary>Rows of an owned head.</summary>
    internal readonly int OwnLength<TSide>() where TSide : struct, IAttentionSide =>
        TSide.OwnsKeys ? Plan.KeyLength : Plan.QueryLength;

    /// <summary>Rows of a walked head.</summary>
    internal readonly int WalkedLength<TSide>() where TSide : struct, IAttentionSide =>
        TSide.OwnsKeys ? Plan.QueryLength : Plan.KeyLength;

    /// <summary>The first walked row from one on whose block is not empty for an own row; the length or more for none.</summary>
    internal readonly int NextWalked<TSide>(int b, int n, int own, int walked) where TSide : struct, IAttentionSide =>
        TSide.OwnsKeys
            ? Plan.NextQuery(b, n, own, walked, Plan.QueryLength)
            : Plan.NextKey(b, n, own, walked, Plan.KeyLength);
}
