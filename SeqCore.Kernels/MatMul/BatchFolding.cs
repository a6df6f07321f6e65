namespace SeqCore.Kernels.MatMul;

/// <summary>Turns a batch into a single product where its layout allows.</summary>
internal static class BatchFolding
{
    /// <summary>Folds a batch whose matrices are contiguous and share B into one tall matrix.</summary>
    internal static MatMulArguments Fold(in MatMulArguments a) =>
        a.Batch > 1 && FoldsIntoRows(a) ? a with { M = a.M * a.Batch, Batch = 1 } : a;

    private static bool FoldsIntoRows(in MatMulArguments a) =>
        !a.A.Transposed && a.B.BatchStride == 0 && a.A.BatchStride == a.M * a.A.RowStride
            && a.C.BatchStride == a.M * a.C.RowStride && (long)a.M * a.Batch < int.MaxValue;
}
