using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Gradients;

namespace SeqCore.Samples.LstmVsTransformer.Report;

/// <summary>Gives a model the same colour, dashes and symbol in every picture.</summary>
internal static class Styles
{
    internal static int Of(string model) => model switch
    {
        Contender.LstmName or Contender.ForgetOneName => 0,
        Contender.TransformerName or Contender.TiledName => 1,
        Contender.GruName or Contender.EncoderName => 2,
        Contender.WholeMatrixName or Contender.AttentiveName or Contender.EncoderNoPositionsName => 3,
        Contender.WindowName or Contender.BidirectionalName => 4,
        Contender.ForgetZeroName or Contender.NoPositionsName => 5,
        Contender.RnnName => 6,
        GradientStudy.LargeWeightsName or GradientStudy.ForgetFourName => 7,
        _ => 7,
    };
}
