using SeqCore.Kernels.Norms;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunNorm<TKind>(string operation, in NormArguments a) => ForRows(new NormKernel<TKind>
    {
        X = a.X.Pointer(),
        Residual = a.Residual.Pointer(),
        Sum = a.Sum.Pointer(),
        Weight = a.Weight.Pointer(),
        Bias = a.Bias.Pointer(),
        Y = a.Y.Pointer(),
        Mean = a.Mean.Pointer(),
        Rstd = a.Rstd.Pointer(),
        Columns = a.Columns,
        Epsilon = a.Epsilon,
        Dropout = a.Dropout,
        Stream = a.Stream,
    }, a.Rows, a.Columns);

    private protected override void RunNormGradient<TKind>(string operation, in NormGradientArguments a) =>
        ForRowBlocks(new NormGradientKernel<TKind>
        {
            X = a.X.Pointer(),
            Weight = a.Weight.Pointer(),
            Mean = a.Mean.Pointer(),
            Rstd = a.Rstd.Pointer(),
            DY = a.DY.Pointer(),
            DSum = a.DSum.Pointer(),
            DX = a.DX.Pointer(),
            Columns = a.Columns,
        }, a.Rows, a.Columns, a.DWeight, a.DBias);
}
