namespace SeqCore.Models;

/// <summary>Makes the forecasters of this library from files, by their kind.</summary>
internal static class ForecasterKinds
{
    internal static Forecaster Read(ModelFile file, RandomGenerator? random) => file.Kind switch
    {
        NaiveForecaster.KindName => NaiveForecaster.Read(file),
        DriftForecaster.KindName => DriftForecaster.Read(file),
        ThetaForecaster.KindName => ThetaForecaster.Read(file),
        HoltWintersForecaster.KindName => HoltWintersForecaster.Read(file),
        NetworkForecaster.KindName => NetworkForecaster.Read(file, random),
        SmoothingLstmForecaster.KindName => SmoothingLstmForecaster.Read(file),
        ConformalForecaster.KindName => ConformalForecaster.Read(file, part => Read(part, random)),
        _ => throw new FormatException($"'{file.Kind}' is none of the kinds of forecasters of this library. Load it with the"
            + " class of that kind."),
    };
}
