namespace SeqCore.Samples.Forecast;

/// <summary>The options for ETTh1, which were chosen by its steps for validation.</summary>
internal static class EtthOptions
{
    /// <summary>The options of a forecaster at a horizon.</summary>
    public static ForecastOptions For(ForecastModel model, int horizon) => model.Name switch
    {
        "patches" => new ForecastOptions
        {
            LookBack = 512,
            Hidden = 16,
            Layers = 3,
            Heads = 4,
            DropoutRate = 0.3f,
            Batch = 128,
            LearningRate = 0.0005f,
        },
        _ => new ForecastOptions { LookBack = 336 },
    };
}
