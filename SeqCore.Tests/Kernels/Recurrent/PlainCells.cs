// The cells with PyTorch's activations, which most tests run over.
global using PlainGru = SeqCore.Kernels.Cells.GruCell<SeqCore.Kernels.Cells.SigmoidActivation,
    SeqCore.Kernels.Cells.TanhActivation>;
global using PlainLstm = SeqCore.Kernels.Cells.LstmCell<SeqCore.Kernels.Cells.SigmoidActivation,
    SeqCore.Kernels.Cells.TanhActivation>;
global using PlainRnn = SeqCore.Kernels.Cells.RnnCell<SeqCore.Kernels.Cells.TanhActivation>;
