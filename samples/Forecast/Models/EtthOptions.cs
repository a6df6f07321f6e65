namespace SeqCore.Samples.Forecast;

/// <summary>
/// The options for ETTh1, which were chosen by its steps for validation. A linear network keeps its last weights: from epoch to
/// epoch the loss on these four months goes up and down by more than the network still learns, while the learning rate falls to
/// almost nothing.
/// </summary>
internal static class EtthOptions
{
    private const float UsualRate = 0.003f;

    /// <summary>The options of a forecaster.</summary>
    public static ForecastOptions For(ForecastModel model) => model.Name switch
    {
        "patches" => new ForecastOptions
        {
            LookBack = 512,
            Hidden = 16,
            Layers = 3,
            Heads = 4,
            DropoutRate = 0.3f,
            Batch = 128,
            LearningRate = 0.001f,
        },
        "tcn" => new ForecastOptions { LookBack = 96, Hidden = 64, LearningRate = 0.001f },
        _ when model.HasLayers => new ForecastOptions { LookBack = 96, Hidden = 64, LearningRate = UsualRate },
        _ => new ForecastOptions { LookBack = 336, LearningRate = UsualRate, KeepsLast = true },
    };
}
