namespace SeqCore.Models;

/// <summary>The networks of a <see cref="NetworkForecaster"/>.</summary>
public enum ForecastNetworkKind
{
    /// <summary>Two lines, of trend and remainder (<see cref="SeqCore.Models.DLinear"/>).</summary>
    DLinear,

    /// <summary>A line on the differences from the last value (<see cref="SeqCore.Models.NLinear"/>).</summary>
    NLinear,

    /// <summary>One small line for all phases of a period (<see cref="SeqCore.Models.PeriodLinear"/>).</summary>
    PeriodLinear,

    /// <summary>A Transformer that reads patches (<see cref="SeqCore.Models.PatchTransformer"/>).</summary>
    PatchTransformer,

    /// <summary>A simple recurrent network (<see cref="RecurrentForecast"/>).</summary>
    Rnn,

    /// <summary>An LSTM (<see cref="RecurrentForecast"/>).</summary>
    Lstm,

    /// <summary>A GRU (<see cref="RecurrentForecast"/>).</summary>
    Gru,

    /// <summary>Causal convolutions, a TCN (<see cref="ConvolutionForecast"/>).</summary>
    Convolution,

    /// <summary>A simple recurrent network that forecasts step by step (<see cref="AutoregressiveForecast"/>).</summary>
    AutoregressiveRnn,

    /// <summary>An LSTM that forecasts step by step (<see cref="AutoregressiveForecast"/>).</summary>
    AutoregressiveLstm,

    /// <summary>A GRU that forecasts step by step (<see cref="AutoregressiveForecast"/>).</summary>
    AutoregressiveGru,

    /// <summary>Two GRUs with attention, step by step (<see cref="EncoderDecoderForecast"/>).</summary>
    EncoderDecoder,
}
